using System.Buffers;
using System.Threading.Channels;
using Fabric.Bgp;
using Fabric.Controller.Bgp;
using Fabric.Primitives;
using Fabric.Runtime;
using Fabric.Wire.Bgp;
using Fabric.Wire.Mrt;

namespace Fabric.Controller.Monitoring;

/// <summary>
/// On the routing loop: the UPDATEs that neighbours send, as BGP4MP records (RFC 6396 section 4.4), in chunks for who writes them to a file. A
/// writer that falls behind by 64 MiB loses chunks, which are counted; the routing waits for no disk.
/// </summary>
internal sealed class MrtUpdateLog : IBgpObserver, IDisposable
{
    private const int ChunkBytes = 1 << 18;
    private const int MaxChunks = 256;

    private static readonly TimeSpan s_delay = TimeSpan.FromSeconds(1);

    private readonly IEventLoop _loop;
    private readonly MrtPeer _local;
    private readonly LoopTimer _timer;
    private readonly ArrayBufferWriter<byte> _chunk = new();
    private readonly Channel<byte[]> _chunks = Channel.CreateBounded<byte[]>(MaxChunks);
    private long _lost;

    /// <param name="local">This node's end of all sessions.</param>
    public MrtUpdateLog(IEventLoop loop, MrtPeer local)
    {
        _loop = loop;
        _local = local;
        _timer = new LoopTimer(loop, Flush);
    }

    /// <summary>Whole records, in order; for any thread.</summary>
    public ChannelReader<byte[]> Chunks => _chunks.Reader;

    /// <summary>Chunks that had no room; for any thread.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    public void UpdateReceived(BgpNeighbor neighbor, ReadOnlySpan<byte> message)
    {
        if (neighbor.Peer.Negotiation is not { } negotiation)
        {
            return;
        }

        var address = neighbor.Intent.Address;
        var peer = new MrtPeer(negotiation.PeerIdentifier, address, negotiation.PeerAs);
        var own =
            address.Kind == _local.Address.Kind
                ? _local
                : _local with
                {
                    Address = address.IsIpv4 ? IpAddress.FromIpv4(0) : IpAddress.FromIpv6(0),
                };
        MrtWriter.Message(_loop.Time.GetUtcNow(), peer, own, negotiation.FourOctetAs, message, _chunk);
        if (_chunk.WrittenCount >= ChunkBytes)
        {
            Flush();
        }
        else if (!_timer.IsSet)
        {
            _timer.Set(s_delay);
        }
    }

    public void SessionUp(BgpNeighbor neighbor) { }

    public void SessionDown(BgpNeighbor neighbor, SessionEnd end) { }

    public void UpdateApplied(BgpNeighbor neighbor, in UpdateView update) { }

    public void EndOfRibReceived(BgpNeighbor neighbor, AddressFamily family) { }

    public void UpdatesSent(BgpNeighbor neighbor, OutputRun updates) { }

    /// <summary>On the loop.</summary>
    public void Dispose()
    {
        Flush();
        _timer.Dispose();
        _chunks.Writer.TryComplete();
    }

    private void Flush()
    {
        _timer.Cancel();
        if (_chunk.WrittenCount > 0 && !_chunks.Writer.TryWrite(_chunk.WrittenSpan.ToArray()))
        {
            Interlocked.Increment(ref _lost);
        }

        _chunk.ResetWrittenCount();
    }
}
