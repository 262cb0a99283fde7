// The targets of the repository: "dotnet cake --target=NAME". tools/test runs Test.
using System.Text.RegularExpressions;
using System.Xml.Linq;

var target = Argument("target", "Test");
var interop = "Fabric.Interop";
var host = "Fabric.Datapath.Host.Tests";
var results = MakeAbsolute(Directory("artifacts/test-results"));
// tools/lab builds nothing when this is newer than all source.
var builtForLab = "artifacts/lab.built";
// "--project=Fabric.Bgp.Tests" runs one project; with "--exclusive" without the targets before it.
var only = Argument("project", "");
var summaryFile = MakeAbsolute(File("artifacts/summary.txt"));

// A library for tests, or a benchmark, says so.
var testProjects = GetFiles("tests/**/*.csproj")
    .Where(project => !System.IO.File.ReadAllText(project.FullPath).Contains("<IsTestProject>false"))
    .Select(project => project.GetFilenameWithoutExtension().ToString())
    .Where(project => only == "" || project == only)
    .OrderBy(project => project, StringComparer.Ordinal)
    .ToList();

// A part of these runs beside the rest: sessions that wait for their timers, and guests in emulation.
var parts = new Dictionary<string, string[]> { [interop] = ["Fabric.Interop.Sessions"], [host] = ["GuestTests", "OldestKernelTests"] };

// The longest begin first, so that none is left alone at the end.
var longest = new[]
{
    PartOf(interop),
    host,
    interop,
    "Fabric.Datapath.Kernel.Tests",
    PartOf(host),
    "Fabric.EndToEnd",
    "Fabric.Streaming.Tests",
    "Fabric.Simulation.Tests",
};

// One more than there are processors: daemons are waited for, and the processors are not.
var lanes = Environment.ProcessorCount + 1;

// A test process and the programs that it starts live for seconds: code that is measured before it is compiled for good comes too late for them.
var shortLived = new Dictionary<string, string> { ["DOTNET_TieredPGO"] = "0" };

// Tests of a project that run in a process of their own; all of them where there is no filter.
record Share(string Project, string Name, string Filter);

class Tally
{
    public int Passed, Failed, Skipped;
    public List<string> Problems = new();
}

var tally = new Tally();

// As LabTurn of Fabric.Lab has it: two suites of one machine have its labs one after the other, each from before "up" until after "down".
var labTurn = "FABRIC_LAB_TURN";
var labLock = "/run/fabric-lab.lock";
var labPatience = TimeSpan.FromMinutes(30);

Task("Build")
    .Does(() =>
    {
        // As old as what was built: what is written meanwhile is newer.
        EnsureDirectoryExists("artifacts");
        System.IO.File.WriteAllText($"{builtForLab}.new", "");
        DotNetBuild("Fabric.sln", new DotNetBuildSettings
        {
            Configuration = "Release",
            NoLogo = true,
            Verbosity = DotNetVerbosity.Minimal,
            // Every project's line is noise; warnings are errors anyway. One compiler for all projects, whatever the environment says: a compiler each
            // takes three times as long.
            ArgumentCustomization = arguments => arguments.Append("-clp:NoSummary;ErrorsOnly").Append("-p:UseSharedCompilation=true"),
        });
        System.IO.File.Move($"{builtForLab}.new", builtForLab, overwrite: true);
    })
    // Nobody is left behind that waits for more.
    .Finally(() => StartProcess("dotnet", new ProcessSettings { Arguments = "build-server shutdown --vbcscompiler", Silent = true, RedirectStandardOutput = true }));

Task("Format")
    .Does(() => Run("dotnet", "csharpier check ."));

// In Test a wrong format is one failure among others, not the end. It is looked at while tests wait for what they run.
System.Threading.Tasks.Task<int> format = null;

Task("FormatBegun")
    .IsDependentOn("Build")
    .Does(() =>
    {
        // Cake would wait for a task that is handed back.
        format = System.Threading.Tasks.Task.Run(() => Try("dotnet", "csharpier check ."));
    });

Task("FormatCounted")
    .IsDependentOn("FormatBegun")
    .Does(() => Count(format.Result == 0, "csharpier check; dotnet csharpier format . mends it"));

Task("Unit")
    .IsDependentOn("Build")
    .Does(() =>
    {
        RunCounted(testProjects);
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
        using var turn = LabTurn();
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
            Environment.SetEnvironmentVariable(labTurn, null);
        }
    });

Task("Lab")
    .IsDependentOn("LabCounted")
    .Does(Conclude);

Task("Test")
    .IsDependentOn("FormatBegun")
    .IsDependentOn("Unit")
    .IsDependentOn("FormatCounted")
    .IsDependentOn("LabCounted")
    .Does(Conclude);

// Daemons of other makers: one control node among them, and as gateways of the lab.
Task("InteropCounted")
    .IsDependentOn("Build")
    .Does(() => RunCounted([interop]));

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

void RunCounted(IEnumerable<string> projects)
{
    CleanDirectory(results);
    var waiting = new System.Collections.Concurrent.ConcurrentQueue<Share>(projects.SelectMany(Shares).OrderBy(Place));
    System.Threading.Tasks.Task.WaitAll(Enumerable.Range(0, lanes).Select(_ => System.Threading.Tasks.Task.Run(() =>
    {
        while (waiting.TryDequeue(out var share))
        {
            var (code, said) = RunTests(share);
            lock (tally)
            {
                Report(share, code, said);
            }
        }
    })).ToArray());
}

int Place(Share share) => longest.Contains(share.Name) ? Array.IndexOf(longest, share.Name) : longest.Length;

string PartOf(string project) => $"{project}.Part";

// A filter and its opposite: no test is in both, or in none.
IEnumerable<Share> Shares(string project)
{
    if (!parts.TryGetValue(project, out var part))
    {
        return [new(project, project, "")];
    }

    return
    [
        new(project, project, string.Join('&', part.Select(name => $"FullyQualifiedName!~{name}"))),
        new(project, PartOf(project), string.Join('|', part.Select(name => $"FullyQualifiedName~{name}"))),
    ];
}

(int Code, IEnumerable<string> Said) RunTests(Share share)
{
    var arguments = new ProcessArgumentBuilder()
        .Append("test")
        .AppendQuoted(MakeAbsolute(File($"tests/{share.Project}/bin/Release/net10.0/{share.Project}.dll")).FullPath)
        .Append("--nologo")
        .Append("--logger").AppendQuoted($"trx;LogFileName={share.Name}.trx")
        .Append("--results-directory").AppendQuoted(results.FullPath);
    if (share.Filter != "")
    {
        arguments.Append("--filter").AppendQuoted(share.Filter);
    }

    var program = "dotnet";
    if (Environment.IsPrivilegedProcess)
    {
        // A loopback of its own: no two runs, of this clone or of another, meet at a port.
        program = "unshare";
        arguments.Prepend("--net sh -c \"ip link set lo up && exec dotnet \\\"$@\\\"\" sh");
    }

    var settings = new ProcessSettings { Arguments = arguments, EnvironmentVariables = shortLived, RedirectStandardOutput = true };
    var code = StartProcess(program, settings, out var said);
    return (code, said);
}

void Report(Share share, int code, IEnumerable<string> said)
{
    // What runs beside it has lines of its own.
    foreach (var line in said)
    {
        Console.WriteLine(line);
    }

    if (code != 0)
    {
        // The trx says which tests failed; what it can't say is counted below.
        tally.Problems.Add($"{share.Name}: ended with {code}");
    }

    CountTrx(share);
}

void CountTrx(Share share)
{
    var project = share.Project;
    var file = results.CombineWithFilePath($"{share.Name}.trx").FullPath;
    if (!System.IO.File.Exists(file))
    {
        // A test host that crashed writes none. A project without any test writes none either, and is no failure.
        if (HasTests(project))
        {
            Count(false, $"{share.Name} wrote no results");
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

System.IO.FileStream LabTurn()
{
    if (!Environment.IsPrivilegedProcess)
    {
        // tools/lab says what it wants.
        return null;
    }

    var started = DateTime.UtcNow;
    for (var tries = 0; ; tries++)
    {
        try
        {
            var file = new System.IO.FileStream(labLock, System.IO.FileMode.OpenOrCreate, System.IO.FileAccess.ReadWrite, System.IO.FileShare.None);
            Environment.SetEnvironmentVariable(labTurn, "suite");
            return file;
        }
        catch (System.IO.IOException) when (DateTime.UtcNow - started < labPatience)
        {
            if (tries == 0)
            {
                Console.WriteLine($"another run has the labs of this machine ({labLock}); waiting for it, {labPatience.TotalMinutes:0} minutes at most");
            }

            System.Threading.Thread.Sleep(200);
        }
    }
}

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
