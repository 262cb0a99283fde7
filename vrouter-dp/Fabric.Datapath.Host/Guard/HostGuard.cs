using Fabric.Runtime;

namespace Fabric.Datapath.Host.Guard;

/// <summary>
/// Keeps the kernel's guard equal to the wanted rules. Owned by the worker loop; nft runs beside it, one at a time, so that packets do
/// not wait for it. Rules wanted meanwhile replace each other: only the last are applied next.
/// </summary>
/// <param name="loop">The owner.</param>
/// <param name="run">Runs a script; null or what went wrong.</param>
/// <param name="applied">Called on the loop when rules took effect. After a failure the owner asks again at its own pace.</param>
internal sealed class HostGuard(IEventLoop loop, Func<string, Task<string?>> run, Action applied)
{
    private GuardRules? _running;

    /// <summary>The rules in the kernel; null before the first success.</summary>
    public GuardRules? Applied { get; private set; }

    /// <summary>Why the last run failed; null after a success.</summary>
    public string? Problem { get; private set; }

    /// <summary>Asks for rules; nothing happens when they are in place or another run is under way (its end asks anew).</summary>
    public void Want(GuardRules rules)
    {
        if (_running is null && rules != Applied)
        {
            _running = rules;
            _ = ApplyAsync(rules);
        }
    }

    /// <summary>Puts the rules in place once more: a firewall reload that flushes every table takes the guard with it.</summary>
    public void Refresh()
    {
        if (_running is null && Applied is { } rules)
        {
            _running = rules;
            _ = ApplyAsync(rules);
        }
    }

    private async Task ApplyAsync(GuardRules rules)
    {
        var problem = await Task.Run(() => run(rules.ToScript()));
        loop.Post(static ended => ended.Guard.Ended(ended.Problem), (Guard: this, Problem: problem));
    }

    private void Ended(string? problem)
    {
        var rules = _running;
        Problem = problem;
        _running = null;
        if (problem is null)
        {
            Applied = rules;
            applied();
        }
    }
}
