using System.Runtime.InteropServices;
using Fabric.Analytics;
using Fabric.Controller.Routes;
using Fabric.Routing;
using Fabric.Runtime;

namespace Fabric.Controller.Streaming;

/// <summary>
/// Owned by the routing loop: tells of the RIB's changes in rows of fabric.routes, behind all other work. It follows like a slow receiver: what changes
/// while it does not read coalesces in the RIB.
/// <code>
/// idle  --a change-->  looks at each tick
///    tables are being loaded and told, or were a moment ago, for less than 5 s  ->  next tick
///    no room in the stream, or the tick's rows are made                ->  next tick
///    else  ->  a share of rows, then the loop's other work, then the next share
/// </code>
/// </summary>
internal sealed class RouteFollower : IDisposable
{
    // A tenth of a millisecond of the loop's time, for which a change may have to wait. A smaller one wakes the stream more often, which costs it more.
    private const int Share = 64;

    // 50,000 rows a second at most: a tenth of the loop's time, and garbage that is hardly noticed.
    private const int RowsOfTick = 512;

    // More changes and updates than these in a tick: tables are being loaded, here or at a receiver, and each row would delay that.
    private const int LoadOfTick = 512;

    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(10);

    // Who loads a table may pause for so long.
    private static readonly TimeSpan s_calm = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly RoutingPlane _plane;
    private readonly RouteRowsTaker _publish;
    private readonly Func<int> _room;
    private readonly RouteRows _rows = new();
    private readonly List<PathChange> _changes = new(Share);
    private readonly RouteRow[] _made = new RouteRow[Share];
    private readonly LoopTimer _timer;
    private readonly Action _goOn;
    private int _left;
    private long _done;
    private long? _loadedAt;
    private long _heldSince;
    private bool _isPosted;
    private bool _isDisposed;

    /// <param name="plane">Whose tables it watches from now on; nothing has been told to it yet.</param>
    /// <param name="publish">Gets rows a share at a time.</param>
    /// <param name="room">So many rows will find room, given at once.</param>
    /// <param name="isBestOnly">Tells only of the best path of each route.</param>
    public RouteFollower(RoutingPlane plane, RouteRowsTaker publish, Func<int> room, bool isBestOnly)
    {
        _plane = plane;
        _publish = publish;
        _room = room;
        _timer = new LoopTimer(plane.Loop, Tick);
        _goOn = GoOn;
        plane.Core.WatchRoutes(isBestOnly);
    }

    /// <summary>What the loop has done for routes.</summary>
    private long Done => _plane.Core.ChangesNoted + _plane.UpdatesWritten;

    private TimeProvider Time => _plane.Loop.Time;

    /// <summary>To be called after every change of the core.</summary>
    public void Changed()
    {
        if (!_timer.IsSet && !_isPosted && !_isDisposed && _plane.Core.HasChanges)
        {
            _heldSince = Time.GetTimestamp();
            _timer.Set(s_tick);
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        _timer.Dispose();
    }

    private void Tick()
    {
        NoteLoad();
        _done = Done;
        _left = RowsOfTick;
        var isHeldBack = _loadedAt is { } loaded && Time.GetElapsedTime(loaded) < s_calm;
        if (!isHeldBack)
        {
            _heldSince = Time.GetTimestamp();
        }
        else if (Time.GetElapsedTime(_heldSince) < s_patience)
        {
            _timer.Set(s_tick);
            return;
        }
        else
        {
            _left = Share;
        }

        PostShare();
    }

    private void PostShare()
    {
        _isPosted = true;
        _plane.Loop.PostBehind(_goOn);
    }

    private void TakeShare()
    {
        var share = Math.Min(Math.Min(Share, _left), _room());
        if (share > 0)
        {
            _left -= _plane.Core.ReadChanges(_changes, share);
            Publish();
        }

        if (!_plane.Core.HasChanges)
        {
            return;
        }

        if (share > 0 && _left > 0 && !NoteLoad())
        {
            PostShare();
        }
        else
        {
            _timer.Set(s_tick);
        }
    }

    private void Publish()
    {
        var changes = CollectionsMarshal.AsSpan(_changes);
        for (var i = 0; i < changes.Length; i++)
        {
            _made[i] = _rows.RowOf(changes[i]);
        }

        if (!changes.IsEmpty)
        {
            _publish(_made.AsSpan(0, changes.Length));
            _changes.Clear();
        }
    }

    private void GoOn()
    {
        _isPosted = false;
        if (!_isDisposed)
        {
            TakeShare();
        }
    }

    /// <summary>Whether the loop had much other work in this tick.</summary>
    private bool NoteLoad()
    {
        if (Done - _done <= LoadOfTick)
        {
            return false;
        }

        _loadedAt = Time.GetTimestamp();
        return true;
    }
}
