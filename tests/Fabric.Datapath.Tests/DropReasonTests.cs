using System.Text.RegularExpressions;

namespace Fabric.Datapath.Tests;

/// <summary>The names of drop reasons, which operators look for.</summary>
public sealed partial class DropReasonTests
{
    [Test]
    public void The_reasons_that_the_operators_page_explains_are_called_there_as_the_programs_call_them()
    {
        var known = Enum.GetValues<DropReason>().Select(DropReasonNames.Of);

        var explained = Rows().SelectMany(row => Name().Matches(row.Split('|')[1])).Select(name => name.Groups["name"].Value).ToList();

        Assert.That(explained, Is.Not.Empty);
        Assert.That(explained.Except(known), Is.Empty);
    }

    private static IEnumerable<string> Rows()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root!.FullName, "Fabric.sln")))
        {
            root = root.Parent;
        }

        return File.ReadLines(Path.Combine(root.FullName, "docs", "operations.md"))
            .SkipWhile(line => line != "## Drops")
            .Skip(1)
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal));
    }

    [GeneratedRegex("`(?<name>[^`]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Name();
}
