using System.Net;
using Fabric.Datapath.Host.Node;
using Fabric.Datapath.Shared;
using Fabric.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fabric.Datapath.Host.Tests;

/// <summary>A node that was started, whose clock, agent and packets are the test's.</summary>
internal sealed class NodeFixture : IDisposable
{
    public NodeFixture(int flowTableSize)
    {
        Memory = SharedMemory.Allocate(new SharedSizes(2 * flowTableSize), seed: 0);
        Node = new DatapathNode(
            Loop,
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

    public ManualLoop Loop { get; } = new();

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
