using Fabric.Agent.Configuration;
using Fabric.Hosting.Configuration;
using Fabric.Testing;

namespace Fabric.Agent.Tests;

/// <summary>docs/configuration.md has each key that fabric-agent takes, no other one, and the default that holds.</summary>
public sealed class DocumentedKeysTests
{
    private const string Least = "node: host1\naddress: 192.0.2.11\ncontrollers: [192.0.2.1:5269]\n";
    private const string Flows = "All of `flows` may be left out ([what becomes of it](stream.md#flows-of-a-host)):";
    private const string Export =
        "The section `export` has flows told to collectors ([IPFIX and sFlow](stream.md#ipfix-and-sflow)); absent: none are.";

    private static readonly IReadOnlyList<DocumentedKey> s_agent = DocumentedKeys.Between("### fabric-agent", Flows);
    private static readonly IReadOnlyList<DocumentedKey> s_flows = DocumentedKeys.Between(Flows, Export);

    [Test]
    public void Each_key_of_the_file_is_on_the_page()
    {
        // A key of its own: the page describes it below the tables.
        var known = s_agent.Select(one => one.Key).Append("export");

        Assert.That(DocumentedKeys.Known(Fault("other-key: 1")), Is.EquivalentTo(known));
        Assert.That(DocumentedKeys.Known(Fault("flows: { other-key: 1 }")), Is.EquivalentTo(s_flows.Select(one => one.Key)));
    }

    [Test]
    public void The_defaults_are_those_on_the_page()
    {
        var said = s_agent
            .Where(one => one.Default is not null)
            .Select(one => $"{one.Key}: {one.Default!.Replace("NODE", "host1", StringComparison.Ordinal)}\n");
        var flows = $"flows: {{ {string.Join(", ", s_flows.Select(one => $"{one.Key}: {one.Default}"))} }}";

        Assert.That(Read(string.Concat(said) + flows), Is.EqualTo(Read("")).UsingPropertiesComparer());
    }

    // The seed is another one with each start.
    private static AgentOptions Read(string text)
    {
        var options = AgentOptions.From(OptionsFile.Parse(Least + text, "agent.yaml"));
        return options with { Node = options.Node with { Seed = 0 } };
    }

    private static string Fault(string text) => Assert.Throws<OptionsException>(() => Read(text))!.Message;
}
