using System.Buffers;
using Fabric.Bgp;
using Fabric.Controller.Bgp;
using Fabric.Controller.Options;
using Fabric.Controller.Routes;
using Fabric.Primitives;
using Fabric.Routing;
using Fabric.Runtime;
using Fabric.Wire.Bgp;
using Fabric.Wire.Bmp;

namespace Fabric.Controller.Monitoring;

/// <summary>Owned by the routing loop: tells BMP stations (RFC 7854, RFC 8671, RFC 9069) of the neighbours and tables.</summary>
internal sealed partial class BmpExporter : IBgpObserver, IUpdateWriter, IDisposable
{
    private readonly BmpOptions _options;
    private readonly BgpSpeaker _speaker;
    private readonly ILogger _logger;
    private readonly List<BmpStation> _stations;
    private readonly Dictionary<PeerId, BmpStation> _watchers = [];
    private readonly LoopTimer _statisticsTimer;

    public BmpExporter(BmpOptions options, ControlNodeOptions node, BgpSpeaker speaker, ITransport transport, ILogger logger)
    {
        _options = options;
        _speaker = speaker;
        _logger = logger;
        Transport = transport;
        NodeName = node.Node;
        Source = new BmpSource(node, speaker);
        _stations = [.. options.Stations.Select(station => new BmpStation(this, station))];
        _statisticsTimer = new LoopTimer(speaker.Plane.Loop, Report);
        speaker.Observe(this);
        speaker.Plane.MonitorWriter = this;
    }

    public BmpSource Source { get; }

    public string NodeName { get; }

    public ITransport Transport { get; }

    public IEventLoop Loop => _speaker.Plane.Loop;

    public static byte[] Termination(BmpTerminationReason reason, string words)
    {
        var output = new ArrayBufferWriter<byte>();
        BmpWriter.Termination(reason, words, output);
        return output.WrittenSpan.ToArray();
    }

    public void Start()
    {
        foreach (var station in _stations)
        {
            station.Connect();
        }

        RestartStatistics();
    }

    /// <summary>Has the station told the Loc-RIB, and its changes from then on.</summary>
    public PeerId Watch(BmpStation station)
    {
        var watcher = Source.Core.Establish(
            new PeerDefinition
            {
                Name = "bmp:" + station.Options.Name,
                Kind = PeerKind.Monitor,
                RouterId = Source.LocRib.Identifier,
                Address = station.Options.Address,
            }
        );
        _watchers[watcher] = station;
        Changed();
        return watcher;
    }

    public void Unwatch(PeerId watcher)
    {
        _watchers.Remove(watcher);
        Source.Core.Remove(watcher);
    }

    public void Changed() => _speaker.Plane.Changed();

    public void Dispose()
    {
        _statisticsTimer.Dispose();
        foreach (var station in _stations)
        {
            station.Dispose();
        }
    }

    void IUpdateWriter.Write(ReadOnlySpan<RouteUpdate> run, UpdateBatch batch)
    {
        var updates = Source.EncodeLocRib(run, batch);
        foreach (var watcher in run[0].Receivers)
        {
            _watchers.GetValueOrDefault(watcher)?.Session?.LocRibChanged(updates);
        }
    }

    void IBgpObserver.SessionUp(BgpNeighbor neighbor)
    {
        foreach (var station in _stations)
        {
            station.Session?.SessionUp(neighbor);
        }
    }

    void IBgpObserver.SessionDown(BgpNeighbor neighbor, SessionEnd end)
    {
        foreach (var station in _stations)
        {
            station.Session?.SessionDown(neighbor, end);
        }
    }

    void IBgpObserver.UpdateReceived(BgpNeighbor neighbor, ReadOnlySpan<byte> message)
    {
        foreach (var station in _stations)
        {
            station.Session?.UpdateReceived(neighbor, message);
        }
    }

    void IBgpObserver.UpdateApplied(BgpNeighbor neighbor, in UpdateView update)
    {
        foreach (var station in _stations)
        {
            station.Session?.UpdateApplied(neighbor, update);
        }
    }

    void IBgpObserver.EndOfRibReceived(BgpNeighbor neighbor, AddressFamily family)
    {
        foreach (var station in _stations)
        {
            station.Session?.EndOfRibReceived(neighbor, family);
        }
    }

    void IBgpObserver.StaleExpires(BgpNeighbor neighbor, AddressFamily family)
    {
        foreach (var station in _stations)
        {
            station.Session?.StaleExpires(neighbor, family);
        }
    }

    void IBgpObserver.Rejudged(BgpNeighbor neighbor)
    {
        foreach (var station in _stations)
        {
            station.Rejudged(neighbor);
        }
    }

    void IBgpObserver.UpdatesSent(BgpNeighbor neighbor, OutputRun updates)
    {
        foreach (var station in _stations)
        {
            station.Session?.UpdatesSent(neighbor, updates);
        }
    }

    private void Report()
    {
        foreach (var station in _stations)
        {
            station.Session?.Statistics();
        }

        RestartStatistics();
    }

    private void RestartStatistics()
    {
        if (_options.StatisticsInterval > TimeSpan.Zero)
        {
            _statisticsTimer.Set(_options.StatisticsInterval);
        }
    }
}
