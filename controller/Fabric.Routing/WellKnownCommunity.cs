namespace Fabric.Routing;

/// <summary>Communities with a meaning for everybody (RFC 1997, RFC 9494).</summary>
internal static class WellKnownCommunity
{
    public const uint NoExport = 0xFFFF_FF01;
    public const uint NoAdvertise = 0xFFFF_FF02;
    public const uint LongLivedStale = 0xFFFF_0006;
    public const uint NoLongLivedGracefulRestart = 0xFFFF_0007;
}
