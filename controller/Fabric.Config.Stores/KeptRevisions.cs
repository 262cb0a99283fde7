namespace Fabric.Config.Stores;

/// <summary>
/// Which transactions are kept for watchers: the last one, and as many before it as are within both bounds. It mirrors what the file has, so that a
/// commit need not sum it.
/// </summary>
/// <param name="mostOctets">Of all kept transactions together, unless the last one alone has more.</param>
internal sealed class KeptRevisions(long mostOctets)
{
    /// <summary>How many transactions a watcher may be behind before it must start anew.</summary>
    private const int Most = 10_000;

    private readonly Queue<(long Revision, long Octets)> _revisions = [];
    private long _octets;

    /// <summary>The oldest that is kept beside a next one. Nothing is changed: the disk may refuse that one.</summary>
    public long OldestWith(long revision, long octets)
    {
        var (count, sum) = (_revisions.Count + 1, _octets + octets);
        foreach (var kept in _revisions)
        {
            if (count <= Most && sum <= mostOctets)
            {
                return kept.Revision;
            }

            count--;
            sum -= kept.Octets;
        }

        return revision;
    }

    /// <summary>Takes the next one, and lets go of those before <see cref="OldestWith"/>.</summary>
    public void Add(long revision, long octets)
    {
        var oldest = OldestWith(revision, octets);
        while (_revisions.TryPeek(out var first) && first.Revision < oldest)
        {
            _octets -= _revisions.Dequeue().Octets;
        }

        _revisions.Enqueue((revision, octets));
        _octets += octets;
    }
}
