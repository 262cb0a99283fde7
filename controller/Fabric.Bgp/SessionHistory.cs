namespace Fabric.Bgp;

/// <summary>
/// What is remembered of a peer's sessions: for people (bgpPeerTable, RFC 4273), and to judge the next end by, so that two speakers that disagree,
/// and one that always goes without a word, don't loop (RFC 4271 section 8.1.1, DampPeerOscillations).
/// </summary>
internal sealed class SessionHistory(TimeProvider time)
{
    // Two ends that each see the other's fault first by chance give two; words of the peer's choice (RFC 9003) could give any number.
    private const int MaxReasons = 8;

    private readonly List<string> _reasons = new(MaxReasons);
    private int _endsInARow;
    private long _establishedAt;
    private long _leftAloneAt;

    public DateTimeOffset? EstablishedSince { get; private set; }

    /// <summary>When the last session ended; null while one is established, and where none has been.</summary>
    public DateTimeOffset? DownSince { get; private set; }

    public long EstablishedTransitions { get; private set; }

    /// <summary>How the last session, or attempt, ended.</summary>
    public SessionEnd? LastEnd { get; set; }

    /// <summary>Attempts since the last session that a NOTIFICATION ended.</summary>
    public long FailedAttempts { get; private set; }

    public void Established()
    {
        FailedAttempts = 0;
        _reasons.Clear();
        _establishedAt = time.GetTimestamp();
        EstablishedSince = time.GetUtcNow();
        DownSince = null;
        EstablishedTransitions++;
    }

    /// <summary>Counts an attempt that has failed. False: another one has for this reason.</summary>
    public bool Failed(string reason)
    {
        FailedAttempts++;
        if (_reasons.Contains(reason))
        {
            return false;
        }

        if (_reasons.Count == MaxReasons)
        {
            _reasons.RemoveAt(0);
        }

        _reasons.Add(reason);
        return true;
    }

    /// <summary>The established session has ended.</summary>
    public void Down()
    {
        EstablishedSince = null;
        DownSince = time.GetUtcNow();
    }

    /// <summary>The last connection has gone. An established session that has lasted makes up for all ends before it.</summary>
    public void LeftAlone(bool wasEstablished, BgpPeerOptions options)
    {
        _leftAloneAt = time.GetTimestamp();
        if (wasEstablished && time.GetElapsedTime(_establishedAt) >= options.MaxIdleHold)
        {
            _endsInARow = 0;
        }
    }

    /// <summary>
    /// Counts the end and says how long the peer is to rest. A lost session is taken up at once (null). An error rests, and so does the next loss,
    /// longer each time until a session has lasted.
    /// </summary>
    public TimeSpan? Rest(bool isError, BgpPeerOptions options)
    {
        var before = _endsInARow++;
        if (!isError && before == 0)
        {
            return null;
        }

        var rest = options.IdleHold * Math.Pow(2, Math.Min(before, 16));
        return rest < options.MaxIdleHold ? rest : options.MaxIdleHold;
    }

    /// <summary>The next end is judged, and told, as the first one.</summary>
    public void Forgive()
    {
        _endsInARow = 0;
        FailedAttempts = 0;
        _reasons.Clear();
    }

    /// <summary>How long the ends are to be remembered; see <see cref="BgpPeer.Probation"/>.</summary>
    public TimeSpan Probation(BgpPeerOptions options)
    {
        var left = 2 * options.MaxIdleHold - time.GetElapsedTime(_leftAloneAt);
        return _endsInARow > 0 && EstablishedSince is null && left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
