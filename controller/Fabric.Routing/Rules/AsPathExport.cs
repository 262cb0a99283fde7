using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Routing;

/// <summary>
/// The AS path to an external peer: segments of a confederation, private numbers and the peer's own taken out before the policies see it, the own
/// AS put in front after.
/// </summary>
internal sealed class AsPathExport(RoutingOptions options, UpdateGroupPolicy policy)
{
    /// <summary>What the peer knows this node's AS as.</summary>
    public AsNumber SessionAs { get; } = policy.LocalAs ?? options.LocalAs;

    /// <summary>The same instance if nothing has to change.</summary>
    public AsPath Prepare(AsPath path)
    {
        // RFC 5065 section 4.1: an external peer is no member of a confederation of which this node knows nothing.
        path = path.WithoutConfederation();
        if (policy.PrivateAsRemoval != PrivateAsRemoval.None && HasAny(path, IsRemovable))
        {
            path =
                policy.PrivateAsRemoval == PrivateAsRemoval.Replace
                    ? Map(path, numbers => numbers.Select(n => IsRemovable(n) ? SessionAs : n))
                    : Map(path, numbers => numbers.Where(n => !IsRemovable(n)));
        }

        return policy is { OverridesAs: true, PeerAs: { } peerAs } && path.Contains(peerAs)
            ? Map(path, numbers => numbers.Select(n => n == peerAs ? SessionAs : n))
            : path;
    }

    /// <summary>RFC 4271 section 5.1.2 b; with an AS of its own for the session, RFC 7705 section 3.</summary>
    public AsPath Finish(AsPath path) =>
        policy.LocalAs is { } localAs && localAs != options.LocalAs
            ? (policy.ReplacesAs ? path : path.Prepend(options.LocalAs)).Prepend(localAs)
            : path.Prepend(options.LocalAs);

    /// <summary>RFC 6996 section 5.</summary>
    private static bool IsPrivate(AsNumber number) => number.Value is >= 64512 and <= 65534 or >= 4_200_000_000 and <= 4_294_967_294;

    /// <summary>The peer's own number stays: it is how the peer finds a loop.</summary>
    private bool IsRemovable(AsNumber number) => IsPrivate(number) && number != policy.PeerAs;

    private static bool HasAny(AsPath path, Func<AsNumber, bool> test) => path.Segments.Any(s => s.Numbers.Any(test));

    /// <summary>A segment that is left without numbers goes.</summary>
    private static AsPath Map(AsPath path, Func<IEnumerable<AsNumber>, IEnumerable<AsNumber>> change) =>
        new([.. path.Segments.Select(s => s with { Numbers = change(s.Numbers).ToEquatableArray() }).Where(s => !s.Numbers.IsEmpty)]);
}
