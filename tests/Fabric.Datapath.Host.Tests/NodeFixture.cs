using System.Net;
using Fabric.Datapath.Host.Node;
using Fabric.Datapath.Shared;
using Fabric.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fabric.Datapath.Host.Tests;

/// <summary>A node that was started, whose clock, agent and packets are the test's.</summary>
internal sealed class NodeFixture : IDisposable
{
    public NodeFixture(int flowTableSize, int workers = 1)
    {
        Others = [.. Enumerable.Range(1, workers - 1).Select(static _ => new ManualLoop())];
        Memory = SharedMemory.Allocate(new SharedSizes(2 * flowTableSize) { Workers = workers }, seed: 0);
        Node = new DatapathNode(
            [Loop, .. Others],
            Transport,
            new IPEndPoint(IPAddress.Loopback, 1),
            Packets,
            DatapathNodeOptions.Default with
            {
                FlowTableSize = flowTableSize,
            },
            NullLogger.Instance,
            Memory
        );
        Loop.Run(Node.Start);
    }

    /// <summary>The first worker's.</summary>
    public ManualLoop Loop { get; } = new();

    /// <summary>The other workers'.</summary>
    public IReadOnlyList<ManualLoop> Others { get; }

    public RecordingPacketIo Packets { get; } = new();

    public SharedMemory Memory { get; }

    public DatapathNode Node { get; }

    private InMemoryTransport Transport { get; } = new();

    public InMemoryAgent Connect() => Transport.Connect();

    public void Dispose()
    {
        Node.Dispose();
        Transport.Dispose();
    }
}
