using System.Text.RegularExpressions;

namespace Fabric.Architecture.Tests;

[TestFixture]
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed partial class RepositoryTests
{
    private static readonly string[] Folders = ["common", "controller", "docs", "schemas", "tests", "tools", "vrouter-agent", "vrouter-dp"];

    [Test]
    public void The_root_has_only_the_folders_of_the_architecture()
    {
        var folders = Repository
            .Files("*")
            .Where(file => file.Contains('/', StringComparison.Ordinal))
            .Select(file => file.Split('/')[0])
            .Where(folder => !folder.StartsWith('.'))
            .Distinct(StringComparer.Ordinal);
        Assert.That(folders.Except(Folders), Is.Empty);
    }

    [TestCase("Fabric.sln")]
    [TestCase("build.cake")]
    [TestCase("LICENSE")]
    [TestCase("README.md")]
    [TestCase("CONTRIBUTING.md")]
    [TestCase("docs/architecture.md")]
    public void The_usual_files_are_there(string path) => Assert.That(Path.Combine(Repository.Root, path), Does.Exist);

    [Test]
    public void No_file_knows_the_folder_in_which_it_was_written()
    {
        // A path into somebody's home or working folder works on one machine only.
        var wrong = TextFiles().Where(file => PrivatePath().IsMatch(Repository.ReadAllText(file)));
        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void No_source_file_is_longer_than_eight_hundred_lines()
    {
        var giants = Repository.Files("*.cs").Where(file => Repository.ReadAllText(file).Count(letter => letter == '\n') > 800);
        Assert.That(giants, Is.Empty, "a project's pain sits in its giants");
    }

    [Test]
    public void No_source_file_puts_work_off()
    {
        var wrong = TextFiles().Where(file => PutOff().IsMatch(Repository.ReadAllText(file)));
        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void Every_link_of_the_documents_leads_to_a_file()
    {
        var dead =
            from document in Repository.Files("*.md")
            from Match link in Link().Matches(Repository.ReadAllText(document))
            let target = link.Groups["target"].Value
            where !target.Contains("://", StringComparison.Ordinal)
            let path = Path.Combine(Repository.Root, Path.GetDirectoryName(document)!, target)
            where !File.Exists(path) && !Directory.Exists(path)
            select $"{document}: {target}";
        Assert.That(dead, Is.Empty);
    }

    [Test]
    public void The_architecture_page_names_every_assembly()
    {
        var page = Repository.ReadAllText("docs/architecture.md");
        var missing = Repository.Projects.Where(project =>
            !Levels.IsTop(project) && !page.Contains(project.Name, StringComparison.Ordinal)
        );
        Assert.That(missing.Select(project => project.Name), Is.Empty);
    }

    [Test]
    public void Scripts_are_executable([Values("tools/lab", "tools/test", ".ci/run")] string path) =>
        Assert.That(
            File.GetUnixFileMode(Path.Combine(Repository.Root, path)) & UnixFileMode.UserExecute,
            Is.Not.EqualTo(UnixFileMode.None)
        );

    private static IEnumerable<string> TextFiles() =>
        new[]
        {
            "*.cs",
            "*.csproj",
            "*.props",
            "*.sln",
            "*.slnf",
            "*.md",
            "*.yaml",
            "*.json",
            "*.proto",
            "*.py",
            "*.sh",
            "*.cake",
            "lab",
            "test",
            "run",
        }
            .SelectMany(Repository.Files)
            .Where(file => Path.GetFileName(file) != "RepositoryTests.cs");

    [GeneratedRegex(@"(?<![\w.])/(?:home/\w|work/|tmp/wt|Users/\w|root/\w)")]
    private static partial Regex PrivatePath();

    [GeneratedRegex(@"\b(?:TODO|FIXME|HACK)\b|NotImplementedException|^\s*#region", RegexOptions.Multiline)]
    private static partial Regex PutOff();

    [GeneratedRegex(@"\]\((?<target>[^)#]+)(?:#[^)]*)?\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Link();
}
