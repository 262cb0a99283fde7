using Fabric.Wire.Bgp;

namespace Fabric.Routing.Tests;

/// <summary>What an AS_PATH is for the decision process, by the numbers of its types of segments (RFC 4271 section 4.3, RFC 5065 section 3).</summary>
internal static class OraclePath
{
    private const int Set = 1;
    private const int Sequence = 2;

    /// <summary>Without the segments of a confederation.</summary>
    public static AsPathSegment[] Outside(this AsPath path) => [.. path.Segments.Where(s => (int)s.Type is Set or Sequence)];

    public static int Hops(this AsPath path) => path.Outside().Sum(s => (int)s.Type == Set ? 1 : s.Numbers.Count);

    /// <summary>RFC 5065 section 5.3: one that stays inside, or is an aggregate of its own (RFC 4271 section 9.1.2.2 c), is of the own AS.</summary>
    public static uint Neighbor(this AsPath path) =>
        path.Outside() is [var first, ..] && (int)first.Type == Sequence ? first.Numbers[0].Value : Fixture.LocalAs.Value;

    public static AsPath Beyond(this AsPath path) => new AsPath([.. path.Outside()]).Prepend(Fixture.LocalAs);
}
