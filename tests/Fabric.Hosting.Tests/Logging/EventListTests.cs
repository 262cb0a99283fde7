using System.Reflection;
using System.Text.RegularExpressions;
using Fabric.Hosting.Logging;
using Microsoft.Extensions.Logging;

namespace Fabric.Hosting.Tests.Logging;

/// <summary>What the programs log, against docs/events.md. A failure shows the rows as they have to be, without what an operator does.</summary>
public sealed partial class EventListTests
{
    private static readonly string[] s_programs = ["fabric-control", "fabric-agent", "fabric-dp"];

    private static readonly IReadOnlyList<Event> s_events = [.. Assemblies().SelectMany(Events).OrderBy(one => one.Id)];

    [Test]
    public void No_id_stands_for_two_events()
    {
        var twice = s_events.GroupBy(one => one.Id).Where(group => group.Count() > 1).Select(group => string.Join(", ", group));

        Assert.That(s_events, Is.Not.Empty);
        Assert.That(twice, Is.Empty);
    }

    [Test]
    public void The_list_of_events_has_each_event_as_it_is()
    {
        var rows = Rows().Select(row => row[..^1]).Select(row => string.Join(" | ", row));

        Assert.That(rows, Is.EqualTo(s_events.Select(one => one.ToString())));
    }

    [Test]
    public void The_list_of_events_says_for_each_what_to_do()
    {
        Assert.That(Rows().Where(row => row[^1].Length == 0).Select(row => row[0]), Is.Empty);
    }

    [Test]
    public void No_value_has_the_name_of_a_member_that_every_line_has()
    {
        var taken =
            from one in s_events
            from Match value in Value().Matches(one.Words)
            where JsonLogFormatter.Members.Contains(EventName.Of(value.Groups["name"].Value))
            select one;

        Assert.That(taken, Is.Empty);
    }

    private static IEnumerable<Assembly> Assemblies() =>
        Directory
            .EnumerateFiles(AppContext.BaseDirectory, "*.dll")
            .Where(file => Path.GetFileName(file).StartsWith("fabric", StringComparison.OrdinalIgnoreCase))
            .Where(file => !Path.GetFileName(file).Contains(".Test", StringComparison.Ordinal))
            .Select(Assembly.LoadFrom);

    private static IEnumerable<Event> Events(Assembly assembly)
    {
        const BindingFlags All =
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var name = assembly.GetName().Name!;
        var program = s_programs.Contains(name) ? name : "all";
        return from type in assembly.GetTypes()
            from method in type.GetMethods(All)
            let attribute = method.GetCustomAttribute<LoggerMessageAttribute>()
            where attribute is not null
            select new Event(
                attribute.EventId,
                EventName.Of(attribute.EventName ?? method.Name),
                attribute.Level.ToString().ToLowerInvariant(),
                program,
                attribute.Message.Replace('\n', ' ')
            );
    }

    /// <summary>The cells of docs/events.md whose first one is an id.</summary>
    private static IEnumerable<string[]> Rows()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root!.FullName, "Fabric.sln")))
        {
            root = root.Parent;
        }

        return File.ReadLines(Path.Combine(root.FullName, "docs", "events.md"))
            .Select(line => line.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells.Length == 6 && int.TryParse(cells[0], out _));
    }

    [GeneratedRegex(@"\{(?<name>\w+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Value();

    private sealed record Event(int Id, string Name, string Level, string Program, string Words)
    {
        public override string ToString() => $"{Id} | {Name} | {Level} | {Program} | {Words}";
    }
}
