using BenchmarkDotNet.Attributes;
using Fabric.Primitives;
using Fabric.Routing;
using Fabric.Wire.Bgp;

namespace Fabric.Benchmarks;

/// <summary>The decision process between two paths (RFC 4271 section 9.1.2.2): decided at once, and only by the last steps.</summary>
public class PathComparison
{
    private static readonly PathAttributes s_equal = SampleRoutes.Attributes with { NextHop = IpAddress.Parse("198.18.0.2") };

    private readonly PathCandidate _path = From(SampleRoutes.Attributes, "10.255.0.1");
    private readonly PathCandidate _preferred = From(s_equal with { LocalPref = 200 }, "10.255.0.2");
    private readonly PathCandidate _tied = From(s_equal, "10.255.0.2");

    [Benchmark(Description = "decided by LOCAL_PREF")]
    public RejectReason LocalPreference()
    {
        BestPath.CompareRank(_path, _preferred, out var reason);
        return reason;
    }

    [Benchmark(Description = "decided by the peer's address")]
    public RejectReason PeerAddress()
    {
        if (BestPath.CompareRank(_path, _tied, out var reason) == 0 && !BestPath.FallsByMed(_path, _tied, alwaysCompareMed: false))
        {
            BestPath.CompareTie(_path, _tied, out reason);
        }

        return reason;
    }

    // Reflected paths of one originator tie down to the address of the reflector (RFC 4456 section 9).
    private static PathCandidate From(PathAttributes attributes, string peer) =>
        new(attributes, PeerKind.InternalBgp, BgpIdentifier.Parse(peer), IpAddress.Parse(peer));
}
