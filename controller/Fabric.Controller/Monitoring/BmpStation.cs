using System.Net;
using Fabric.Controller.Bgp;
using Fabric.Routing;
using Fabric.Runtime;
using Fabric.Wire.Bmp;

namespace Fabric.Controller.Monitoring;

/// <summary>
/// A station: the connection to it, and what it may cost. Tables go out part by part while it reads; changes of the Loc-RIB wait for it in the
/// routing core, where they coalesce; what neighbours say and are told is forwarded as it happens, and a station that leaves too much of that
/// unread is cut off and begins anew. It hears why (RFC 7854 section 4.5) if it reads all that before within some seconds.
/// </summary>
internal sealed class BmpStation : IConnectionHandler, IDisposable
{
    private const int HighWaterBytes = 1 << 20;
    private const int MaxPendingBytes = 64 << 20;

    // RFC 7854 section 3.2.
    private static readonly TimeSpan s_maxRetry = TimeSpan.FromMinutes(12);

    // A station that hangs is not to hold what it did not read for much longer.
    private static readonly TimeSpan s_lastWords = TimeSpan.FromSeconds(10);

    private readonly BmpExporter _exporter;
    private readonly LoopTimer _retryTimer;
    private readonly LoopTimer _cutOffTimer;
    private IConnection? _connection;
    private TimeSpan _retry;
    private PeerId? _watcher;
    private bool _isContinuing;
    private bool _isBlocked;
    private bool _isDisposed;

    public BmpStation(BmpExporter exporter, BmpStationOptions options)
    {
        _exporter = exporter;
        Options = options;
        _retry = options.ConnectRetry;
        _retryTimer = new LoopTimer(exporter.Loop, Connect);
        _cutOffTimer = new LoopTimer(exporter.Loop, () => _connection?.Close(abort: true));
    }

    public BmpStationOptions Options { get; }

    /// <summary>While the station is connected.</summary>
    public BmpSession? Session { get; private set; }

    public void Connect() =>
        _connection = _exporter.Transport.Connect(new IPEndPoint(Options.Address.ToIPAddress(), Options.Port), null, _exporter.Loop, this);

    /// <summary>Other rules hold for what the neighbour has said.</summary>
    public void Rejudged(BgpNeighbor neighbor)
    {
        Session?.Rejudged(neighbor);
        Continue();
    }

    /// <summary>Says that this node ends, and closes.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        if (Session is not null)
        {
            _connection!.Send(BmpExporter.Termination(BmpTerminationReason.AdministrativelyClosed, "the control node stops"));
        }

        Leave();
        _connection?.Close();
        _retryTimer.Dispose();
        _cutOffTimer.Dispose();
    }

    void IConnectionHandler.OnOpened(IConnection connection)
    {
        _connection = connection;
        _exporter.LogConnected(Options.Name);
        _isBlocked = false;
        Session = new BmpSession(Options.Tables, _exporter.Source, Send);
        Session.Begin(_exporter.NodeName);
        if ((Options.Tables & BmpTables.LocRib) != BmpTables.None)
        {
            _watcher = _exporter.Watch(this);
        }

        Continue();
    }

    // A station says nothing (RFC 7854 section 3.1).
    int IConnectionHandler.OnReceived(IConnection connection, ReadOnlySpan<byte> bytes) => bytes.Length;

    void IConnectionHandler.OnWritable(IConnection connection)
    {
        if (Session is not null)
        {
            _isBlocked = false;
            _retry = Options.ConnectRetry;
            SetWatcherBlocked(false);
            Continue();
        }
        else if (_cutOffTimer.IsSet)
        {
            connection.Close();
        }
    }

    void IConnectionHandler.OnSecured(IConnection connection, IReadOnlyList<string> peerNames) { }

    void IConnectionHandler.OnClosed(IConnection connection, string reason)
    {
        if (_isDisposed)
        {
            return;
        }

        _cutOffTimer.Cancel();
        Leave();
        _connection = null;
        _exporter.LogClosed(Options.Name, reason, _retry.TotalSeconds);
        _retryTimer.Set(_retry);
        _retry = _retry * 2 < s_maxRetry ? _retry * 2 : s_maxRetry;
    }

    private void Send(ReadOnlySpan<byte> messages)
    {
        if (Session is null || messages.IsEmpty || _connection is not { } connection)
        {
            return;
        }

        connection.Send(messages);
        if (connection.PendingBytes > MaxPendingBytes)
        {
            CutOff(connection);
        }
        else if (!_isBlocked && connection.PendingBytes > HighWaterBytes)
        {
            _isBlocked = true;
            SetWatcherBlocked(true);
        }
    }

    private void CutOff(IConnection connection)
    {
        Session = null;
        _exporter.LogTooSlow(Options.Name, MaxPendingBytes >> 20);
        connection.Send(BmpExporter.Termination(BmpTerminationReason.OutOfResources, "the station does not keep up"));
        _cutOffTimer.Set(s_lastWords);

        // Later, not amid the writing of updates for many receivers.
        _exporter.Loop.Post(static station => station.Leave(), this);
    }

    private void Leave()
    {
        Session = null;
        if (_watcher is { } watcher)
        {
            _watcher = null;
            _exporter.Unwatch(watcher);
        }
    }

    private void SetWatcherBlocked(bool isBlocked)
    {
        if (_watcher is { } watcher)
        {
            _exporter.Source.Core.SetBlocked(watcher, isBlocked);
            _exporter.Changed();
        }
    }

    /// <summary>A part a turn of the loop, while the station reads.</summary>
    private void Continue()
    {
        if (!_isContinuing && !_isBlocked && Session is { HasMore: true })
        {
            _isContinuing = true;
            _exporter.Loop.Post(
                static station =>
                {
                    station._isContinuing = false;
                    station.Session?.Continue();
                    station.Continue();
                },
                this
            );
        }
    }
}
