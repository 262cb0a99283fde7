using Fabric.Datapath.Host.Configuration;
using Fabric.Hosting.Configuration;
using Fabric.Testing;

namespace Fabric.Datapath.Host.Tests;

/// <summary>docs/configuration.md has each key that fabric-dp takes, no other one, and the default that holds.</summary>
public sealed class DocumentedKeysTests
{
    private static readonly IReadOnlyList<DocumentedKey> s_keys = DocumentedKeys.Between("### fabric-dp", "## REST API");

    [Test]
    public void Each_key_of_the_file_is_on_the_page() =>
        Assert.That(
            DocumentedKeys.Known(Assert.Throws<OptionsException>(() => Read("other-key: 1"))!.Message),
            Is.EquivalentTo(s_keys.Select(one => one.Key))
        );

    [Test]
    public void The_defaults_are_those_on_the_page()
    {
        var said = s_keys
            .Where(one => one.Default is not null)
            .Select(one => $"{one.Key}: {one.Default!.Replace("NODE", "host1", StringComparison.Ordinal)}\n")
            .ToList();

        Assert.That(said, Is.Not.Empty);
        Assert.That(Read(string.Concat(said)), Is.EqualTo(Read("")));
    }

    private static DatapathOptions Read(string text) =>
        DatapathOptionsFile.Read(OptionsFile.Parse("node: host1\nuplink: eth0\n" + text, "dp.yaml"));
}
