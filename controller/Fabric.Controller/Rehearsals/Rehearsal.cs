using System.Net;
using System.Net.Sockets;
using System.Runtime;
using Fabric.Controller.Bgp;
using Fabric.Controller.Options;
using Fabric.Controller.Routes;
using Fabric.Controller.Streaming;
using Fabric.Intent;
using Fabric.Primitives;
using Fabric.Routing;
using Fabric.Runtime;
using Fabric.Transport.Polling;
using Microsoft.Extensions.Logging.Abstractions;
using AddressFamily = Fabric.Primitives.AddressFamily;

namespace Fabric.Controller.Rehearsals;

/// <summary>
/// Runs, again and again, through what a full table runs through, while the neighbours are not there yet: a speaker with a loop and a RIB of its own
/// learns the routes of one reflected client over loopback, tells another one, and forgets them. The runtime compiles a method for good in two steps
/// of thirty calls, with a count of what it does in between; without this, that falls into the seconds in which all neighbours send their tables,
/// on cores that are then wanted (docs/decisions/0008).
/// <code>
///   sender --160 routes--> speaker --> receiver;  sender --all gone--> speaker --> receiver;  rows of it: one act
/// </code>
/// </summary>
internal sealed partial class Rehearsal : IDisposable
{
    // What else starts meanwhile is compiled too, and may never be quiet.
    private const int MostActs = 2048;
    private const int QuietActs = 256;

    private static readonly AsNumber s_as = new(64512);
    private static readonly IPAddress s_senderAddress = IPAddress.Parse("127.0.0.2");
    private static readonly IPAddress s_receiverAddress = IPAddress.Parse("127.0.0.3");

    private static readonly ControlNodeOptions s_options = new(
        "rehearsal",
        new BgpIdentifier(0x7F00_0001),
        s_as,
        IPAddress.Loopback,
        BgpPort: 0,
        XmppPort: 0,
        Api: null,
        RunDirectory: "",
        StateDirectory: "",
        Tls: null,
        ClusterId: 1,
        RestartTime: TimeSpan.Zero,
        XmppHoldTime: TimeSpan.Zero,
        DynamicNeighbors: []
    );

    private readonly PollLoop _loop;
    private readonly StartupGate _gate;
    private readonly RoutingPlane _plane;
    private readonly BgpSpeaker _speaker;
    private readonly RouteRows _rows = new();
    private readonly List<PathChange> _changes = [];

    private Rehearsal(bool makesRows, Action<Exception> failed)
    {
        _loop = new PollLoop("rehearsal", TimeProvider.System, failed);
        _gate = new StartupGate(_loop);
        _plane = new RoutingPlane(new RoutingCore(CoreOptions()), _loop);
        _speaker = new BgpSpeaker(s_options, _plane, new PollTransport(), _gate, new Random(0), NullLogger.Instance);
        if (makesRows)
        {
            _plane.Follower = new RouteFollower(_plane, static _ => { }, static () => 0, isBestOnly: false);
        }
    }

    /// <summary>Beside the rest of the start, on a thread of its own.</summary>
    public static void Begin(bool makesRows, Action<Exception> failed, ILogger logger) =>
        new Thread(() => Run(makesRows, failed, logger)) { Name = "rehearser", IsBackground = true }.Start();

    /// <summary>
    /// Plays until the runtime has nothing more to compile. Returns how often the receiver was told of a route: in each act once that it is
    /// there, once that it is gone. It is cut short where there is no loopback device: only speed is lost by that.
    /// </summary>
    /// <param name="makesRows">The node makes rows of its routes: that is played too, and the rows are thrown away.</param>
    /// <param name="failed">Hears of exceptions that are bugs of ours.</param>
    /// <param name="mostActs">So many acts at most.</param>
    public static int Run(bool makesRows, Action<Exception> failed, ILogger logger, int mostActs = MostActs)
    {
        var told = 0;
        try
        {
            using var rehearsal = new Rehearsal(makesRows, failed);
            rehearsal.Play(mostActs, ref told);
            LogRehearsed(logger, told);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            LogCutShort(logger, exception.Message);
        }
        catch (Exception exception)
        {
            failed(exception);
        }

        return told;
    }

    public void Dispose()
    {
        Do(() =>
        {
            _plane.Follower?.Dispose();
            _speaker.Dispose();
            _gate.Dispose();
        });
        _loop.Dispose();
    }

    private void Play(int mostActs, ref int told)
    {
        Do(Listen);
        using var sender = RehearsalPeer.Connect(s_senderAddress, _speaker.Local!, s_as);
        using var receiver = RehearsalPeer.Connect(s_receiverAddress, _speaker.Local!, s_as);
        var (coming, going) = (RehearsalTable.Advertisements(), RehearsalTable.Withdrawals());
        var (compiled, quietActs) = (0L, 0);
        for (var act = 0; act < mostActs && quietActs < QuietActs; act++)
        {
            sender.Send(coming);
            told += receiver.ReceiveRoutes(RehearsalTable.Routes);
            sender.Send(going);
            told += receiver.ReceiveRoutes(RehearsalTable.Routes);
            Do(MakeRows);
            var compiledByNow = JitInfo.GetCompiledMethodCount();
            quietActs = compiledByNow == compiled ? quietActs + 1 : 0;
            compiled = compiledByNow;
        }
    }

    private void Listen()
    {
        _speaker.Start();
        _speaker.Configure(Client("sender", s_senderAddress));
        _speaker.Configure(Client("receiver", s_receiverAddress));
    }

    // The follower leaves them alone while tables come and go.
    private void MakeRows()
    {
        if (_plane.Follower is not null)
        {
            _plane.Core.ReadChanges(_changes, RehearsalTable.Routes);
            _changes.ForEach(change => _rows.RowOf(change));
            _changes.Clear();
        }
    }

    private void Do(Action work) => _loop.RunAsync(work).GetAwaiter().GetResult();

    private static RoutingOptions CoreOptions() =>
        new()
        {
            LocalAs = s_options.As,
            RouterId = s_options.RouterId,
            LocalAddress = IpAddress.From(s_options.Listen),
            ClusterId = s_options.ClusterId,
        };

    private static BgpNeighborIntent Client(string name, IPAddress address) =>
        new(
            name,
            IpAddress.From(address),
            new BgpNeighborSettings
            {
                AsNumber = s_as,
                LocalAsNumber = s_as,
                Families = [AddressFamily.Vpnv4],
                Passive = true,
                RouteReflectorClient = true,
            }
        );

    [LoggerMessage(1701, LogLevel.Debug, "{Routes} routes were rehearsed")]
    private static partial void LogRehearsed(ILogger logger, int routes);

    [LoggerMessage(1702, LogLevel.Debug, "The rehearsal was cut short: {Reason}")]
    private static partial void LogCutShort(ILogger logger, string reason);
}
