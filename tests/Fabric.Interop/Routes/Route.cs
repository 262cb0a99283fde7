using System.Net;

namespace Fabric.Interop.Routes;

/// <summary>
/// A route as a speaker originates it, or as another says that it got it. Lists are words with a space between, so that two routes are equal when
/// their texts are. What a route does not have, or a daemon does not tell, is null or empty.
/// </summary>
internal sealed record Route
{
    public required Family Family { get; init; }

    /// <summary>An IP prefix; for EVPN the fields of the route (<see cref="MacIp"/>).</summary>
    public required string Prefix { get; init; }

    public string Distinguisher { get; init; } = "";

    /// <summary>Of a path beside others of the same prefix (RFC 7911), as its originator says it; the next one gives it another.</summary>
    public byte? PathIdentifier { get; init; }

    public int? Label { get; init; }

    /// <summary>An IPv4 address in an IPv6 one (RFC 4291 section 2.5.5.2) is shown as itself: makers differ in how they write it.</summary>
    public string NextHop
    {
        get;
        init => field = IPAddress.TryParse(value, out var address) && address.IsIPv4MappedToIPv6 ? $"{address.MapToIPv4()}" : value;
    } = "";

    public string Origin { get; init; } = "igp";

    public string AsPath { get; init; } = "";

    public int? MultiExitDisc { get; init; }

    public int? LocalPreference { get; init; }

    public string Communities { get; init; } = "";

    public string LargeCommunities { get; init; } = "";

    public string RouteTargets { get; init; } = "";

    /// <summary>RFC 9234 section 5.</summary>
    public long? OnlyToCustomer { get; init; }

    public string OriginatorId { get; init; } = "";

    public string ClusterList { get; init; } = "";

    /// <summary>Whether the other one takes this one's place.</summary>
    public bool IsSame(Route other) =>
        (Family, Distinguisher, Prefix, PathIdentifier) == (other.Family, other.Distinguisher, other.Prefix, other.PathIdentifier);

    /// <summary>The words in their order.</summary>
    public static string Sorted(IEnumerable<string> words) => string.Join(' ', words.Order(StringComparer.Ordinal));
}
