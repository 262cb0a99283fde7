using Fabric.Interop.Routes;
using static Fabric.Interop.Faults.RightAttributes;

namespace Fabric.Interop.Faults;

/// <summary>A route of a family in MP_REACH_NLRI (RFC 4760 section 3) and what can be wrong with it, in hexadecimal digits.</summary>
/// <param name="Name">As those who get it call it.</param>
internal sealed record InjectedFamily(Family Family, string Name)
{
    private const string Optional = "80";
    private const string OptionalTransitive = "c0";
    private const string NoDistinguisher = "0000000000000000";

    public required string Nlri { get; init; }

    /// <summary>One that ends where it should and yet cannot be: of too few bits, or of too many.</summary>
    public required string WrongNlri { get; init; }

    public static IReadOnlyList<InjectedFamily> All { get; } =
    [
        new(Family.Ipv6, "fd99::/48") { Nlri = "30fd9900000000", WrongNlri = "81fd990000000000000000000000000000ff" },
        new(Family.LabelledIpv4, "10.99.0.0/16") { Nlri = "28003e910a63", WrongNlri = "39003e910a63000000" },
        new(Family.LabelledIpv6, "fd99::/48") { Nlri = "48003e91fd9900000000", WrongNlri = "17003e91" },
        new(Family.Vpnv4, "64512:9 10.99.0.0/16") { Nlri = "68003e910000fc00000000090a63", WrongNlri = "57003e910000fc0000000009" },
        new(Family.Vpnv6, "64512:9 fd99::/48")
        {
            Nlri = "88003e910000fc0000000009fd9900000000",
            WrongNlri = "d9003e910000fc0000000009fd990000000000000000000000000000ff",
        },
        // Type 3 (RFC 7432 section 7.3), and a type 2 whose IP address has 33 bits (section 7.2).
        new(Family.Evpn, "[type:multicast][rd:64512:9][etag:0][ip:10.7.9.1]")
        {
            Nlri = "03110000fc000000000900000000200a070901",
            WrongNlri = "02260000fc000000000900000000000000000000000000003002000000000121" + "0a010001ff" + "0003ed",
        },
    ];

    /// <summary>The default membership (RFC 4684 section 4), and one of too few bits; not among all, as neither BIRD nor GoBGP is told of them.</summary>
    public static InjectedFamily Memberships { get; } = new(Family.RouteTargets, "default") { Nlri = "00", WrongNlri = "1f0000fc00" };

    /// <summary>The route from another AS as a neighbour holds it; not of EVPN, of whose routes only the name is known.</summary>
    public Route FromOutside(uint autonomousSystem) =>
        new()
        {
            Family = Family,
            Prefix = Name.Split(' ')[^1],
            Distinguisher = Family.HasDistinguisher() ? Name.Split(' ')[0] : "",
            // The upper 20 bits of its three octets.
            Label = Family.HasLabel() ? 1001 : null,
            NextHop = Family.IsIpv6() ? "fd07::9:1" : "10.7.9.1",
            AsPath = $"{autonomousSystem}",
            LocalPreference = 100,
        };

    /// <summary>Of an UPDATE that announces the route.</summary>
    public string Attributes => With(Nlri);

    /// <summary>Of one whose next hop is too short for an address of whatever kind.</summary>
    public string WithWrongNextHop => WithNextHop("0a07");

    /// <summary>Of one whose next hop is the address of a group.</summary>
    public string WithGroupAsNextHop => WithNextHop(Group);

    /// <summary>Of one whose MP_REACH_NLRI is to be passed on by who does not know it.</summary>
    public string WithTransitiveReach => Origin + AsPath + LocalPref + Reach(NextHop, Nlri, OptionalTransitive);

    private string Group => Distinguisher + (Family.IsIpv6() ? "ff020000000000000000000000000001" : "e0000001");

    private string Number => Family.AfiInHex() + Family.SafiInHex();

    private string NextHop => Distinguisher + (Family.IsIpv6() ? "fd070000000000000000000000090001" : "0a070901");

    // RFC 4364 section 4.3.2; EVPN has none.
    private string Distinguisher => Family is Family.Vpnv4 or Family.Vpnv6 ? NoDistinguisher : "";

    /// <summary>Of one that announces these routes.</summary>
    public string With(string nlri) => Origin + AsPath + LocalPref + Reach(NextHop, nlri);

    /// <summary>Of one with these octets for the next hop.</summary>
    public string WithNextHop(string nextHop) => Origin + AsPath + LocalPref + Reach(nextHop, Nlri);

    /// <summary>Of one that announces the route with these other attributes.</summary>
    public string Behind(string attributes) => attributes + Reach(NextHop, Nlri);

    /// <summary>The same with the address of a group for the next hop.</summary>
    public string WithGroupBehind(string attributes) => attributes + Reach(Group, Nlri);

    /// <summary>Of one that takes them back.</summary>
    public string Unreach(string nlri) => Attribute(Optional, "0f", Number + nlri);

    public override string ToString() => $"{Family}";

    private string Reach(string nextHop, string nlri, string flags = Optional) =>
        Attribute(flags, "0e", $"{Number}{nextHop.Length / 2:x2}{nextHop}00{nlri}");

    private static string Attribute(string flags, string type, string value) => $"{flags}{type}{value.Length / 2:x2}{value}";
}
