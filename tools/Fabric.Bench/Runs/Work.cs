namespace Fabric.Bench.Runs;

/// <summary>
/// A shape of load, named SENDERSxRECEIVERS, with "-label" where each route has a label of its own. Senders are clients too: they get each
/// other's routes. "agents" is one sender whose routes go to agents instead; "quiet" is 1x1 with all candidates side by side, for single changes in turn.
/// </summary>
internal sealed record Work(string Name, int Senders, int Receivers, bool LabelPerRoute)
{
    public static readonly IReadOnlyList<string> Known = ["1x1", "1x1-label", "1x20", "10x10", QuietName, AgentsName];

    private const string AgentsName = "agents";
    private const string QuietName = "quiet";

    public bool IsForAgents { get; private init; }

    public bool IsInTurn { get; private init; }

    public int Sessions => Senders + Receivers;

    /// <exception cref="BenchException">The name says no such work.</exception>
    public static Work Parse(string name)
    {
        if (name == AgentsName)
        {
            return new Work(name, Senders: 1, Receivers: 0, LabelPerRoute: false) { IsForAgents = true };
        }

        if (name == QuietName)
        {
            return new Work(name, Senders: 1, Receivers: 1, LabelPerRoute: false) { IsInTurn = true };
        }

        var shape = name.EndsWith("-label", StringComparison.Ordinal) ? name[..^"-label".Length] : name;
        return
            shape.Split('x') is [var senders, var receivers]
            && int.TryParse(senders, out var from)
            && int.TryParse(receivers, out var to)
            && from is > 0 and <= 100
            && to is > 0 and <= 100
            ? new Work(name, from, to, shape != name)
            : throw new BenchException(
                $"there is no work '{name}'; works are SENDERSxRECEIVERS, also with -label, quiet, or agents: {string.Join(", ", Known)}"
            );
    }
}
