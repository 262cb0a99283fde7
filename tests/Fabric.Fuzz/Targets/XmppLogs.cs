namespace Fabric.Fuzz.Targets;

/// <summary>Compares what two ends did that heard the same octets, cut in other places.</summary>
internal static class XmppLogs
{
    /// <summary>Octets behind STARTTLS are a fault only when they come along with it: what comes later is TLS's.</summary>
    public static bool EndsAtStartTls(List<string> log) => log.Exists(l => l.StartsWith("close bytes behind", StringComparison.Ordinal));

    public static bool AreSame(List<string> first, List<string> second) => first.SequenceEqual(second);

    public static string Tail(List<string> log) => string.Join(" | ", log.TakeLast(4));
}
