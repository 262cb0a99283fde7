namespace Fabric.Routing;

/// <summary>Communities with a meaning for everybody (RFC 1997, RFC 8326, RFC 9494).</summary>
internal static class WellKnownCommunity
{
    public const uint GracefulShutdown = 0xFFFF_0000;
    public const uint LongLivedStale = 0xFFFF_0006;
    public const uint NoLongLivedGracefulRestart = 0xFFFF_0007;
    public const uint NoExport = 0xFFFF_FF01;
    public const uint NoAdvertise = 0xFFFF_FF02;
    public const uint NoExportSubconfed = 0xFFFF_FF03;

    private static readonly (string Name, uint Value)[] s_names =
    [
        ("graceful-shutdown", GracefulShutdown),
        ("llgr-stale", LongLivedStale),
        ("no-llgr", NoLongLivedGracefulRestart),
        ("no-export", NoExport),
        ("no-advertise", NoAdvertise),
        ("no-export-subconfed", NoExportSubconfed),
    ];

    public static bool TryParse(string text, out uint community)
    {
        foreach (var (name, value) in s_names)
        {
            if (name == text)
            {
                community = value;
                return true;
            }
        }

        community = 0;
        return false;
    }

    public static string? NameOf(uint community)
    {
        foreach (var (name, value) in s_names)
        {
            if (value == community)
            {
                return name;
            }
        }

        return null;
    }
}
