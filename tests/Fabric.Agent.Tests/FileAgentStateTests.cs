using Fabric.Agent.Core.Allocation;
using Fabric.Agent.State;
using Fabric.Primitives;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fabric.Agent.Tests;

public sealed class FileAgentStateTests
{
    private static readonly Allocations Given = new(
        new IdPoolState(18, [new IdAssignment(Fixture.PortId, 16)]),
        new IdPoolState(2, [new IdAssignment(Fixture.Red, 1)]),
        IdPoolState.Empty,
        IdPoolState.Empty
    );

    private string _directory = "";

    [SetUp]
    public void MakeDirectory() => _directory = Directory.CreateTempSubdirectory("fabric-agent-test-").FullName;

    [TearDown]
    public void RemoveDirectory() => Directory.Delete(_directory, recursive: true);

    [Test]
    public void What_was_saved_is_loaded()
    {
        Open().SavePort(Fixture.Port());
        Open().SaveAllocations(Given);

        var loaded = Open().Load();
        Assert.That(loaded.Ports, Is.EqualTo([Fixture.Port()]));
        Assert.That(loaded.Allocations, Is.EqualTo(Given));

        Open().RemovePort(Fixture.PortId);
        Assert.That(Open().Load().Ports, Is.Empty);
    }

    [Test]
    public void A_port_is_a_file_named_by_its_uuid_with_the_keys_of_the_port_api()
    {
        Open().SavePort(Fixture.Port());
        var text = File.ReadAllText(Path.Combine(_directory, "ports", Fixture.PortId + ".json"));
        Assert.That(text, Does.Contain("\"system-name\": \"tap-a\"").And.Contain("\"rx-vlan-id\": -1"));
    }

    [TestCase("")]
    [TestCase("{")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("{\"id\":\"x\",\"system-name\":\"tap-a\"}")]
    public void A_corrupted_port_is_moved_aside_and_the_others_are_loaded(string content)
    {
        Open().SavePort(Fixture.Port());
        var corrupted = Path.Combine(_directory, "ports", "00000000-0000-4000-8000-00000000000b.json");
        File.WriteAllText(corrupted, content);

        Assert.That(Open().Load().Ports, Is.EqualTo([Fixture.Port()]));
        Assert.That(File.ReadAllText(corrupted + ".corrupt"), Is.EqualTo(content));
        Assert.That(corrupted, Does.Not.Exist);
    }

    [TestCase("{}")]
    [TestCase("{\"labels\":null,\"vrfs\":null,\"vifs\":null,\"next-hops\":null}")]
    [TestCase("not json")]
    public void Corrupted_allocations_are_moved_aside(string content)
    {
        File.WriteAllText(Path.Combine(_directory, "allocations.json"), content);
        Open();
        Assert.That(LoadUnknown(), Is.EqualTo(Allocations.None));
        Assert.That(Path.Combine(_directory, "allocations.json.corrupt"), Does.Exist);
    }

    /// <summary>Other hosts send to a label of the run before until they hear of the change: none may be another tenant's by then.</summary>
    [Test]
    public void Labels_begin_elsewhere_when_those_that_were_given_are_lost()
    {
        uint[] before = [.. Labels(Open(seed: 1).Load().Allocations)];
        uint[] after = [.. Labels(Open(seed: 2).Load().Allocations)];

        Assert.That(before.Intersect(after), Is.Empty);
        Assert.That(before.Concat(after), Is.All.InRange(MplsLabel.FirstUnreserved, MplsLabel.Max));

        static IEnumerable<uint> Labels(Allocations allocations)
        {
            var pool = new Identifiers(allocations).Labels;
            foreach (var port in Enumerable.Range(0, 100))
            {
                Assert.That(pool.TryAssign($"{port}", out var label), Is.True);
                yield return label;
            }
        }
    }

    // Nothing is known but where labels begin, which is anywhere.
    private Allocations LoadUnknown()
    {
        var loaded = Open().Load().Allocations;
        return loaded with { Labels = loaded.Labels with { Next = 0 } };
    }

    private FileAgentState Open(int seed = 1) => new(_directory, new Random(seed), NullLogger<FileAgentState>.Instance);
}
