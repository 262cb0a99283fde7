// The targets of the repository: "dotnet cake --target=NAME". tools/test runs Test.
using System.Text.RegularExpressions;
using System.Xml.Linq;

var target = Argument("target", "Test");
var interopTests = "Fabric.Interop";
var results = MakeAbsolute(Directory("artifacts/test-results"));
// "--project=Fabric.Bgp.Tests" runs one project; with "--exclusive" without the targets before it.
var only = Argument("project", "");
var summaryFile = MakeAbsolute(File("artifacts/summary.txt"));

// A library for tests, or a benchmark, says so.
var testProjects = GetFiles("tests/**/*.csproj")
    .Where(project => !System.IO.File.ReadAllText(project.FullPath).Contains("<IsTestProject>false"))
    .Where(project => only == "" || project.GetFilenameWithoutExtension().ToString() == only)
    .OrderBy(project => Place(project.GetFilenameWithoutExtension().ToString()), StringComparer.Ordinal)
    .ToList();

// By name, but for the one that waits for other makers' daemons most of its time: the others run beside it, so it starts early, behind the
// longest one, whose own programs are timed.
string Place(string project) => project == interopTests ? "Fabric.Datapath.Host.Tests, then" : project;

class Tally
{
    public int Passed, Failed, Skipped;
    public List<string> Problems = new();
}

var tally = new Tally();

Task("Build")
    .Does(() => DotNetBuild("Fabric.sln", new DotNetBuildSettings
    {
        Configuration = "Release",
        NoLogo = true,
        Verbosity = DotNetVerbosity.Minimal,
        // Every project's line is noise; warnings are errors anyway. One compiler for all projects, whatever the environment says: a compiler each
        // takes three times as long.
        ArgumentCustomization = arguments => arguments.Append("-clp:NoSummary;ErrorsOnly").Append("-p:UseSharedCompilation=true"),
    }))
    // Nobody is left behind that waits for more.
    .Finally(() => StartProcess("dotnet", new ProcessSettings { Arguments = "build-server shutdown --vbcscompiler", Silent = true, RedirectStandardOutput = true }));

Task("Format")
    .Does(() => Run("dotnet", "csharpier check ."));

// In Test a wrong format is one failure among others, not the end.
Task("FormatCounted")
    .Does(() => Count(Try("dotnet", "csharpier check .") == 0, "csharpier check; dotnet csharpier format . mends it"));

Task("Unit")
    .IsDependentOn("Build")
    .Does(() =>
    {
        CleanDirectory(results);
        var interop = testProjects.FirstOrDefault(project => project.GetFilenameWithoutExtension().ToString() == interopTests);
        System.Threading.Tasks.Task<string> waiting = null;
        foreach (var project in testProjects)
        {
            if (project == interop)
            {
                waiting = System.Threading.Tasks.Task.Run(() => RunTests(project));
            }
            else
            {
                RunCounted(project);
            }
        }

        if (waiting is not null)
        {
            Count(interop, waiting.Result);
        }

        if (target == "Unit")
        {
            Conclude();
        }
    });

// The lab's points count as tests.
Task("LabCounted")
    .IsDependentOn("Build")
    .Does(() =>
    {
        var isUp = false;
        try
        {
            isUp = Try("tools/lab", "up") == 0;
            Count(isUp, "lab up");
            if (isUp)
            {
                CountLabPoints();
            }
        }
        finally
        {
            Count(Try("tools/lab", "down") == 0, "lab down");
        }
    });

Task("Lab")
    .IsDependentOn("LabCounted")
    .Does(Conclude);

Task("Test")
    .IsDependentOn("FormatCounted")
    .IsDependentOn("Unit")
    .IsDependentOn("LabCounted")
    .Does(Conclude);

// Daemons of other makers: one control node among them, and as gateways of the lab.
Task("InteropCounted")
    .IsDependentOn("Build")
    .Does(() =>
    {
        CleanDirectory(results);
        RunCounted(MakeAbsolute(File("tests/Fabric.Interop/Fabric.Interop.csproj")));
    });

Task("Interop")
    .IsDependentOn("InteropCounted")
    .IsDependentOn("LabCounted")
    .Does(Conclude);

Task("Fuzz")
    .IsDependentOn("Build")
    .Does(() => Only("Fuzz"));

// Five minutes of each case, where the suite has five seconds.
Task("Soak")
    .IsDependentOn("Build")
    .Does(() =>
    {
        Environment.SetEnvironmentVariable("FABRIC_SOAK_SECONDS", "300");
        Only("Soak");
    });

Task("Bench")
    .IsDependentOn("Build")
    .Does(() =>
    {
        var benchmarks = GetFiles("tests/**/*.Benchmarks.csproj");
        foreach (var project in benchmarks)
        {
            DotNetRun(project.FullPath, new DotNetRunSettings { Configuration = "Release", NoBuild = true });
        }

        Information("{0} benchmark projects", benchmarks.Count);
    });

// Tests of one category; the suite has them too.
void Only(string category)
{
    DotNetTest("Fabric.sln", new DotNetTestSettings
    {
        Configuration = "Release",
        NoBuild = true,
        NoLogo = true,
        Filter = $"TestCategory={category}",
    });
}

void RunCounted(FilePath project) => Count(project, RunTests(project));

// Null, or what a run says that failed.
string RunTests(FilePath project)
{
    var name = project.GetFilenameWithoutExtension().ToString();
    try
    {
        DotNetTest(project.FullPath, new DotNetTestSettings
        {
            Configuration = "Release",
            NoBuild = true,
            NoLogo = true,
            Verbosity = DotNetVerbosity.Quiet,
            Loggers = new[] { $"trx;LogFileName={name}.trx" },
            ResultsDirectory = results,
        });
        return null;
    }
    catch (CakeException exception)
    {
        return $"{name}: {exception.Message}";
    }
}

void Count(FilePath project, string problem)
{
    if (problem is not null)
    {
        // The trx says which tests failed; what it can't say is counted below.
        tally.Problems.Add(problem);
    }

    CountTrx(project.GetFilenameWithoutExtension().ToString());
}

void CountTrx(string project)
{
    var file = results.CombineWithFilePath($"{project}.trx").FullPath;
    if (!System.IO.File.Exists(file))
    {
        // A test host that crashed writes none. A project without any test writes none either, and is no failure.
        if (HasTests(project))
        {
            Count(false, $"{project} wrote no results");
        }
        else
        {
            Information("{0} has no tests", project);
        }

        return;
    }

    XNamespace trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";
    foreach (var result in XDocument.Load(file).Descendants(trx + "UnitTestResult"))
    {
        switch ((string)result.Attribute("outcome"))
        {
            case "Passed":
                tally.Passed++;
                break;
            case "NotExecuted" or "Inconclusive":
                tally.Skipped++;
                break;
            default:
                var said = result.Descendants(trx + "Message").FirstOrDefault()?.Value.Trim().ReplaceLineEndings("\n    ");
                Count(false, $"{project}: {(string)result.Attribute("testName")}\n    {said}");
                break;
        }
    }
}

bool HasTests(string project) =>
    GetFiles($"tests/{project}/**/*.cs").Any(file =>
        !file.FullPath.Contains("/obj/") && Regex.IsMatch(System.IO.File.ReadAllText(file.FullPath), @"\[(Test|TestCase|TestCaseSource|Theory)\b"));

void CountLabPoints()
{
    var points = 0;
    var code = StartProcess(
        "tools/lab",
        new ProcessSettings
        {
            Arguments = "check",
            RedirectStandardOutput = true,
            RedirectedStandardOutputHandler = line =>
            {
                if (line is null)
                {
                    return line;
                }

                Console.WriteLine(line);
                if (line.StartsWith("ok ") || line.StartsWith("FAIL "))
                {
                    points++;
                    Count(line.StartsWith("ok "), $"lab {line}");
                }

                return line;
            },
        });
    if (points == 0 || (code != 0 && tally.Failed == 0))
    {
        Count(false, $"lab check ended with {code} after {points} points");
    }
}

void Count(bool passed, string what)
{
    if (passed)
    {
        tally.Passed++;
    }
    else
    {
        tally.Failed++;
        tally.Problems.Add(what);
    }
}

void Conclude()
{
    var summary = $"{tally.Passed} passed, {tally.Failed} failed, {tally.Skipped} skipped";
    EnsureDirectoryExists(summaryFile.GetDirectory());
    System.IO.File.WriteAllText(summaryFile.FullPath, summary + "\n");
    foreach (var problem in tally.Problems)
    {
        Console.WriteLine($"FAILED {problem}");
    }

    if (tally.Problems.Count > 0 || tally.Passed == 0)
    {
        throw new CakeException("tests failed");
    }
}

int Try(string program, string arguments) => StartProcess(program, new ProcessSettings { Arguments = arguments });

void Run(string program, string arguments)
{
    if (Try(program, arguments) is not 0 and var code)
    {
        throw new CakeException($"{program} {arguments} ended with {code}");
    }
}

RunTarget(target);
