using Fabric.Testing;

namespace Fabric.Controller.Tests;

/// <summary>docs/configuration.md has each key that fabric-control takes, no other one, and the default that holds.</summary>
public sealed class DocumentedKeysTests
{
    private const string Neighbor = "name: a, address: 192.0.2.9";

    private static readonly IReadOnlyList<DocumentedKey> s_node = DocumentedKeys.Between(
        "### fabric-control",
        "#### Neighbours in the file"
    );

    private static readonly IReadOnlyList<DocumentedKey> s_neighbors = DocumentedKeys.Between(
        "#### Neighbours in the file",
        "#### Routing policies"
    );

    [Test]
    public void Each_key_of_the_file_is_on_the_page() => Assert.That(Known("other-key: 1"), Is.EquivalentTo(s_node.Select(one => one.Key)));

    [TestCase("group", "groups: { g: { other-key: 1 } }")]
    [TestCase("neighbour", $"neighbors: [{{ {Neighbor}, other-key: 1 }}]")]
    [TestCase("prefix", "dynamic-neighbors: [{ prefix: 10.0.0.0/8, other-key: 1 }]")]
    public void Each_key_of_a_neighbour_is_on_the_page(string section, string file) =>
        Assert.That(
            Known(file),
            Is.EquivalentTo(
                s_neighbors.Where(one => one.Sections == "all" || one.Sections.Split(", ").Contains(section)).Select(one => one.Key)
            )
        );

    [TestCase("match")]
    [TestCase("set")]
    public void Each_key_of_a_policys_term_is_on_the_page(string section) =>
        Assert.That(
            Known($"policies: {{ p: [{{ {section}: {{ other-key: 1 }} }}] }}"),
            Is.EquivalentTo(
                DocumentedKeys
                    .Between("#### Routing policies", "#### BMP stations")
                    .Where(one => one.Sections == section)
                    .Select(one => one.Key)
            )
        );

    [Test]
    public void The_defaults_of_the_file_are_those_on_the_page()
    {
        var said = s_node
            .Where(one => one.Default is not null)
            .Select(one => $"{one.Key}: {one.Default!.Replace("NODE", "control1", StringComparison.Ordinal)}")
            .ToList();

        Assert.That(said, Is.Not.Empty);
        Assert.That(ControlFile.Read(Without("as", said)), Is.EqualTo(ControlFile.Read("")).UsingPropertiesComparer());
    }

    [Test]
    public void The_defaults_of_a_neighbour_are_those_on_the_page()
    {
        var said = s_neighbors
            .Where(one => one.Default is not null && one.Key != "limit")
            .Select(one => $"{one.Key}: {one.Default}")
            .ToList();

        Assert.That(said, Is.Not.Empty);
        Assert.That(
            ControlFile.Read($"neighbors: [{{ {Neighbor}, {string.Join(", ", said)} }}]").Neighbors,
            Is.EqualTo(ControlFile.Read($"neighbors: [{{ {Neighbor} }}]").Neighbors)
        );
    }

    // It stands in each file of these tests.
    private static string Without(string key, IEnumerable<string> lines) =>
        string.Join('\n', lines.Where(line => !line.StartsWith($"{key}: ", StringComparison.Ordinal)));

    private static IReadOnlyList<string> Known(string file) => DocumentedKeys.Known(ControlFile.Faults(file));
}
