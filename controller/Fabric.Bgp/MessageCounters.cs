using Fabric.Wire.Bgp;

namespace Fabric.Bgp;

/// <summary>Messages of a peer by type, over all its sessions.</summary>
public sealed class MessageCounters
{
    private readonly long[] _sent = new long[(int)MessageType.RouteRefresh + 1];
    private readonly long[] _received = new long[(int)MessageType.RouteRefresh + 1];

    public long Sent(MessageType type) => _sent[(int)type];

    public long Received(MessageType type) => _received[(int)type];

    public long TotalSent => _sent.Sum();

    public long TotalReceived => _received.Sum();

    internal void CountSent(MessageType type, int messages = 1) => _sent[(int)type] += messages;

    internal void CountReceived(MessageType type) => _received[(int)type]++;
}
