using Fabric.Interop.Machine;
using Fabric.Lab.Machine;

namespace Fabric.Interop.Speakers;

/// <summary>A BGP daemon on a machine of its own: configured, started and killed in the same way whoever made it.</summary>
internal abstract class BgpDaemon(LanNode node, uint autonomousSystem, IReadOnlyList<Neighbor> neighbors)
{
    private const int LogTail = 15;

    private Daemon? _daemon;

    public LanNode Node { get; } = node;

    public string Name => Node.Name;

    public uint As { get; } = autonomousSystem;

    public IReadOnlyList<Neighbor> Neighbors { get; protected set; } = neighbors;

    /// <summary>Where it speaks BGP: the address of the family in which it is told of its neighbours.</summary>
    public string LocalAddress => Neighbors.Any(neighbor => neighbor.Address.Contains(':')) ? Node.Address6 : Node.Address;

    /// <summary>The end of what the daemon has printed.</summary>
    public string Log =>
        _daemon is { } daemon && File.Exists(daemon.LogFile)
            ? $"--- end of the log of {Name}\n{string.Join('\n', File.ReadLines(daemon.LogFile).TakeLast(LogTail))}"
            : $"--- {Name} has no log";

    /// <summary>All that it has printed, over restarts.</summary>
    public string FullLog => _daemon is { } daemon && File.Exists(daemon.LogFile) ? File.ReadAllText(daemon.LogFile) : "";

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

    /// <summary>Has it read its configuration again, where a signal does that.</summary>
    protected Task HangUpAsync() => Command.MustAsync("kill", "-HUP", $"{_daemon!.Pid}");

    /// <summary>Writes its configuration; returns program and arguments.</summary>
    protected abstract IReadOnlyList<string> Configure();

    /// <summary>What can only be done once it runs.</summary>
    protected abstract Task OnStartedAsync();

    protected static string Lines<T>(IEnumerable<T> items, Func<T, string> line) => string.Join('\n', items.Select(line));
}
