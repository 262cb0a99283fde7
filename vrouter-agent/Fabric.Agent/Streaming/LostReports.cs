namespace Fabric.Agent.Streaming;

/// <summary>
/// How many reports found no room at the data plane. It counts from its own start on; what came about in this run of the agent is a gap in the stream, while what it says
/// first may be of an earlier run, which has told it.
/// </summary>
internal sealed class LostReports(Action<int> tell)
{
    private ulong? _last;

    /// <summary>As the data plane says.</summary>
    public ulong Count => _last ?? 0;

    public void Take(ulong count)
    {
        // A smaller number is of a data plane that has started again.
        var more =
            _last is not { } last ? 0
            : count < last ? count
            : count - last;
        _last = count;
        if (more > 0)
        {
            tell((int)Math.Min(more, int.MaxValue));
        }
    }
}
