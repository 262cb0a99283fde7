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
/// On the routing loop: the UPDATEs that neighbours send, and when their sessions begin and end, as BGP4MP records (RFC 6396 section 4.4), in chunks
/// for who writes them to a file. A writer that falls behind by 64 MiB loses chunks, which are counted; the routing waits for no disk.
/// </summary>
internal sealed class MrtUpdateLog : IBgpObserver, IDisposable
{
    private const int ChunkBytes = 1 << 18;
    private const int MaxChunks = 256;

    private static readonly TimeSpan s_delay = TimeSpan.FromSeconds(1);

    private readonly IEventLoop _loop;
    private readonly MrtPeer _local;
    private readonly LoopTimer _timer;
    private readonly Dictionary<BgpNeighbor, MrtSession> _sessions = [];
    private readonly ArrayBufferWriter<byte> _chunk = new();
    private readonly Channel<byte[]> _chunks = Channel.CreateBounded<byte[]>(MaxChunks);
    private long _lost;

    /// <summary>To be made before the first session comes up.</summary>
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

    /// <summary>Writes a chunk whole or not at all: behind a part of a record a reader finds no other one.</summary>
    /// <param name="file">At its end, and without a buffer of its own.</param>
    /// <exception cref="IOException">The chunk is not in the file.</exception>
    public static async Task AppendAsync(Stream file, ReadOnlyMemory<byte> chunk)
    {
        var whole = file.Length;
        try
        {
            await file.WriteAsync(chunk);
        }
        catch (IOException)
        {
            file.SetLength(whole);
            throw;
        }
    }

    public void SessionUp(BgpNeighbor neighbor)
    {
        var session = MrtSession.Of(neighbor, _local);
        _sessions[neighbor] = session;
        Write(session, MrtSessionState.OpenConfirm, MrtSessionState.Established);
    }

    public void SessionDown(BgpNeighbor neighbor, SessionEnd end)
    {
        if (_sessions.Remove(neighbor, out var session))
        {
            Write(session, MrtSessionState.Established, MrtSessionState.Idle);
        }
    }

    public void UpdateReceived(BgpNeighbor neighbor, ReadOnlySpan<byte> message)
    {
        if (_sessions.TryGetValue(neighbor, out var session))
        {
            var (context, hasPathIds) = (session.Context, PathIdentifiers.AreIn(message, session.Context));
            MrtWriter.Message(Now, session.Peer, session.Local, context.FourOctetAs, hasPathIds, message, _chunk);
            Written();
        }
    }

    public void UpdateApplied(BgpNeighbor neighbor, in UpdateView update) { }

    public void EndOfRibReceived(BgpNeighbor neighbor, AddressFamily family) { }

    public void StaleExpires(BgpNeighbor neighbor, AddressFamily family) { }

    public void Rejudged(BgpNeighbor neighbor) { }

    public void UpdatesSent(BgpNeighbor neighbor, OutputRun updates) { }

    /// <summary>On the loop.</summary>
    public void Dispose()
    {
        Flush();
        _timer.Dispose();
        _chunks.Writer.TryComplete();
    }

    private DateTimeOffset Now => _loop.Time.GetUtcNow();

    private void Write(MrtSession session, MrtSessionState former, MrtSessionState latter)
    {
        MrtWriter.StateChange(Now, session.Peer, session.Local, former, latter, _chunk);
        Written();
    }

    private void Written()
    {
        if (_chunk.WrittenCount >= ChunkBytes)
        {
            Flush();
        }
        else if (!_timer.IsSet)
        {
            _timer.Set(s_delay);
        }
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
