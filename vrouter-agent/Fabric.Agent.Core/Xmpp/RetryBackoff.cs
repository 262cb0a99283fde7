namespace Fabric.Agent.Core.Xmpp;

/// <summary>Times between tries to connect: doubled from the first to a maximum, each with a jitter of ten percent either way.</summary>
internal sealed class RetryBackoff(TimeSpan first, TimeSpan maximum, int seed)
{
    private readonly Random _random = new(seed);
    private int _doublings;

    /// <summary>After success: the next failure is the first again.</summary>
    public void Reset() => _doublings = 0;

    public TimeSpan Next()
    {
        var time = first * (1 << _doublings);
        if (time < maximum)
        {
            _doublings++;
        }
        else
        {
            time = maximum;
        }

        return time * (0.9 + 0.2 * _random.NextDouble());
    }
}
