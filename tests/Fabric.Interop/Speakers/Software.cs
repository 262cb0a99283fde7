using Fabric.Interop.Machine;
using Fabric.Interop.Routes;

namespace Fabric.Interop.Speakers;

/// <summary>A maker's daemon: what it speaks, and how one is made.</summary>
internal sealed record Software(string Name, IReadOnlyList<Family> Families, Func<LanNode, uint, IReadOnlyList<Neighbor>, Speaker> Make)
{
    public static readonly Software Frr = new(
        "frr",
        [Family.Vpnv4, Family.Vpnv6],
        (node, number, neighbors) => new FrrSpeaker(node, number, neighbors)
    );

    public static readonly Software Bird = new(
        "bird",
        [Family.Vpnv4, Family.Vpnv6],
        (node, number, neighbors) => new BirdSpeaker(node, number, neighbors)
    );

    public static readonly Software OpenBgpd = new(
        "openbgpd",
        [Family.Vpnv4, Family.Vpnv6],
        (node, number, neighbors) => new OpenBgpdSpeaker(node, number, neighbors)
    )
    {
        Originates = [],
        KeepsWithdrawn = [Family.Vpnv4, Family.Vpnv6],
    };

    public static readonly Software GoBgp = new(
        "gobgp",
        [Family.Vpnv4, Family.Vpnv6],
        (node, number, neighbors) => new GoBgpSpeaker(node, number, neighbors)
    )
    {
        AsksForRefresh = false,
    };

    public static readonly Software ExaBgp = new(
        "exabgp",
        [Family.Vpnv4, Family.Vpnv6],
        (node, number, neighbors) => new ExaBgpSpeaker(node, number, neighbors)
    );

    public static IReadOnlyList<Software> All { get; } = [Frr, Bird, OpenBgpd, GoBgp, ExaBgp];

    /// <summary>Families of which it can originate routes by itself.</summary>
    public IReadOnlyList<Family> Originates { get; init; } = Families;

    /// <summary>Families whose routes it counts as withdrawn, and keeps: a fault of this version, and to be taken out here when it is mended.</summary>
    public IReadOnlyList<Family> KeepsWithdrawn { get; init; } = [];

    /// <summary>Whether it can be made to send ROUTE-REFRESH.</summary>
    public bool AsksForRefresh { get; init; } = true;

    public override string ToString() => Name;
}
