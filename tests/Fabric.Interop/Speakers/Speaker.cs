using Fabric.Interop.Machine;
using Fabric.Interop.Routes;
using Fabric.Lab.Machine;

namespace Fabric.Interop.Speakers;

/// <summary>A BGP daemon of some maker on a machine of its own: configured, started, asked and killed in the same way whoever made it.</summary>
internal abstract class Speaker(LanNode node, uint autonomousSystem, params IReadOnlyList<Neighbor> neighbors)
{
    private const int LogTail = 15;

    private readonly List<Route> _originated = [];
    private Daemon? _daemon;

    public LanNode Node { get; } = node;

    public string Name => Node.Name;

    public uint As { get; } = autonomousSystem;

    public IReadOnlyList<Neighbor> Neighbors { get; } = neighbors;

    /// <summary>Routes that are there from the start, and those announced since.</summary>
    public IReadOnlyList<Route> Originated => _originated;

    /// <summary>The end of what the daemon has printed.</summary>
    public string Log =>
        _daemon is { } daemon && File.Exists(daemon.LogFile)
            ? $"--- end of the log of {Name}\n{string.Join('\n', File.ReadLines(daemon.LogFile).TakeLast(LogTail))}"
            : $"--- {Name} has no log";

    /// <summary>For what is originated from the start: call it before the start.</summary>
    public void Originate(params IEnumerable<Route> routes) => _originated.AddRange(routes);

    public async Task StartAsync()
    {
        _daemon = new Daemon(Name, "bgp", Node.Namespace, Node.Directory, Configure());
        await _daemon.StartAsync();
        await OnStartedAsync();
    }

    /// <summary>Ends it as a crash does, without a word to its neighbours.</summary>
    public Task KillAsync() => _daemon!.StopAsync("KILL");

    /// <summary>Ends it as an operator does.</summary>
    public Task StopAsync() => _daemon!.StopAsync("TERM");

    public async Task AnnounceAsync(Route route)
    {
        _originated.Add(route);
        await ApplyAsync(route, isWithdrawn: false);
    }

    public async Task WithdrawAsync(Route route)
    {
        _originated.Remove(route);
        await ApplyAsync(route, isWithdrawn: true);
    }

    /// <summary>What it got from its first neighbour and holds, in its own words.</summary>
    public abstract Task<IReadOnlyList<Route>> ReceivedAsync(Family family);

    /// <summary>A route as far as the daemon's output tells of it.</summary>
    public virtual Route AsShown(Route route) => route;

    /// <summary>Writes its configuration; returns program and arguments.</summary>
    protected abstract IReadOnlyList<string> Configure();

    /// <summary>What can only be done once it runs.</summary>
    protected virtual Task OnStartedAsync() => Task.CompletedTask;

    /// <summary>Brings a change of <see cref="Originated"/> to the running daemon.</summary>
    protected abstract Task ApplyAsync(Route route, bool isWithdrawn);

    protected static string Lines<T>(IEnumerable<T> items, Func<T, string> line) => string.Join('\n', items.Select(line));
}
