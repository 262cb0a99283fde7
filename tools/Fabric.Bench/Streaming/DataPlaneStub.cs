using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using Fabric.Bench.Datapath.Machine;
using Fabric.Model.Datapath;

namespace Fabric.Bench.Streaming;

/// <summary>Stands for the data plane of a host: takes every table that the agent sends (schemas/datapath/tables.proto), and reports sessions.</summary>
internal sealed class DataPlaneStub : IDisposable
{
    private const int LengthOctets = 4;

    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly ConcurrentDictionary<uint, string> _vrfs = [];
    private readonly ConcurrentDictionary<string, VifEntry> _vifs = [];
    private readonly Lock _sending = new();
    private Socket? _agent;

    public DataPlaneStub(string path)
    {
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
        new Thread(Serve) { IsBackground = true, Name = "data plane stub" }.Start();
    }

    /// <summary>The interface of a device with its VRF's name; null while the agent has not told it.</summary>
    public (VifEntry Vif, string Vrf)? Find(string device) =>
        _vifs.TryGetValue(device, out var vif) && _vrfs.TryGetValue(vif.Vrf, out var vrf) ? (vif, vrf) : null;

    /// <summary>Tells the agent the names; once, before the first report.</summary>
    public void Introduce(ReportFrames frames) => Send(frames.Names());

    /// <summary>Reports sessions at a rate until told to stop, on a thread of its own; who is late catches up.</summary>
    /// <param name="frames">What to report.</param>
    /// <param name="rate">Reports a second.</param>
    /// <param name="stop">Ends it.</param>
    public Task<OfferedLoad> OfferAsync(ReportFrames frames, double rate, CancellationToken stop) =>
        Task.Factory.StartNew(
            () => Offer(frames, rate, stop),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );

    public void Dispose()
    {
        _listener.Dispose();
        _agent?.Dispose();
    }

    private OfferedLoad Offer(ReportFrames frames, double rate, CancellationToken stop)
    {
        var processor = ThreadTime.Now();
        var start = Stopwatch.GetTimestamp();
        var count = 0L;
        while (!stop.IsCancellationRequested)
        {
            if (count > rate * Stopwatch.GetElapsedTime(start).TotalSeconds)
            {
                Thread.Sleep(1);
                continue;
            }

            Send(frames.Next((DateTime.UtcNow - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond));
            count += ReportFrames.Reports;
        }

        return new OfferedLoad(count, Stopwatch.GetElapsedTime(start).TotalSeconds, ThreadTime.Now() - processor);
    }

    private void Send(ReadOnlySpan<byte> frame)
    {
        lock (_sending)
        {
            var agent = _agent ?? throw new BenchException("fabric-agent is not connected to its data plane");
            while (!frame.IsEmpty)
            {
                frame = frame[agent.Send(frame)..];
            }
        }
    }

    private void Serve()
    {
        try
        {
            while (true)
            {
                var agent = _listener.Accept();
                lock (_sending)
                {
                    _agent = agent;
                }

                Answer(agent);
            }
        }
        catch (SocketException)
        {
            // Disposed.
        }
        catch (ObjectDisposedException)
        {
            // The same, between two calls.
        }
    }

    private void Answer(Socket agent)
    {
        var length = new byte[LengthOctets];
        while (TryFill(agent, length))
        {
            var message = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
            if (!TryFill(agent, message))
            {
                return;
            }

            var batch = Envelope.Parser.ParseFrom(message).Batch;
            foreach (var vrf in batch.Vrfs)
            {
                _vrfs[vrf.Id] = vrf.Name;
            }

            foreach (var vif in batch.Vifs)
            {
                _vifs[vif.Device] = vif;
            }

            Send(ReportFrames.Frame(new Envelope { Applied = new Applied { Generation = batch.Generation } }));
        }
    }

    private static bool TryFill(Socket socket, byte[] bytes)
    {
        for (var count = 0; count < bytes.Length; )
        {
            var more = socket.Receive(bytes.AsSpan(count));
            if (more == 0)
            {
                return false;
            }

            count += more;
        }

        return true;
    }
}
