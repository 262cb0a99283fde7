namespace Fabric.Architecture.Tests;

[TestFixture]
public sealed class AssemblyTests
{
    private static IEnumerable<TestCaseData> Projects =>
        Repository.Projects.Select(project => new TestCaseData(project.Path).SetName($"{{m}}({project.Name})"));

    [TestCaseSource(nameof(Projects))]
    public void An_assembly_references_only_what_its_level_allows(string path)
    {
        var project = Repository.Projects.Single(candidate => candidate.Path == path);
        if (Levels.Of(project) is { } allowed)
        {
            Assert.That(project.References.Except(allowed), Is.Empty, "see the table of docs/architecture.md");
        }
        else
        {
            // Tests stand on one another and on tools; nothing stands on tools and tests but they.
            Assert.That(Levels.IsTop(project), Is.True);
        }
    }

    [Test]
    public void Nothing_outside_tests_and_tools_references_them()
    {
        var top = Repository.Projects.Where(Levels.IsTop).Select(project => project.Name).ToHashSet(StringComparer.Ordinal);
        var wrong = Repository
            .Projects.Where(project => !Levels.IsTop(project) && project.References.Any(top.Contains))
            .Select(project => project.Name);
        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void Every_core_is_held_to_purity()
    {
        var pure = Repository.Projects.Where(project => project.IsPure).Select(project => project.Name);
        Assert.That(
            Levels.Cores.Concat(["Primitives", "Model", "Analytics", "Wire"]).Except(pure),
            Is.Empty,
            "FabricPure brings the list of banned symbols"
        );
    }

    [Test]
    public void No_core_takes_a_package_with_input_or_output()
    {
        var packages = Repository.Projects.Where(project => Levels.Cores.Contains(project.Name)).SelectMany(project => project.Packages);
        Assert.That(packages, Is.Empty);
    }

    [Test]
    public void Every_project_is_in_the_solution()
    {
        var solution = Repository.ReadAllText("Fabric.sln").Replace('\\', '/');
        Assert.That(
            Repository
                .Projects.Where(project => !solution.Contains($"\"{project.Path}\"", StringComparison.Ordinal))
                .Select(project => project.Path),
            Is.Empty
        );
    }

    [Test]
    public void Every_assembly_outside_tests_and_tools_has_a_test_project()
    {
        var names = Repository.Projects.Select(project => project.Name).ToHashSet(StringComparer.Ordinal);
        Assert.That(
            Repository
                .Projects.Where(project => !Levels.IsTop(project) && !names.Contains($"{project.Name}.Tests"))
                .Select(project => project.Name),
            Is.Empty
        );
    }

    [Test]
    public void Versions_of_packages_are_pinned_in_one_place()
    {
        var own = Repository.Files("*.csproj").Where(file => Repository.ReadAllText(file).Contains("Version=\"", StringComparison.Ordinal));
        Assert.That(own, Is.Empty, "Directory.Packages.props has them");
    }
}
