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
    };

    public static readonly Software GoBgp = new(
        "gobgp",
        [Family.Vpnv4, Family.Vpnv6],
        (node, number, neighbors) => new GoBgpSpeaker(node, number, neighbors)
    );

    public static readonly Software ExaBgp = new(
        "exabgp",
        [Family.Vpnv4, Family.Vpnv6],
        (node, number, neighbors) => new ExaBgpSpeaker(node, number, neighbors)
    );

    public static IReadOnlyList<Software> All { get; } = [Frr, Bird, OpenBgpd, GoBgp, ExaBgp];

    /// <summary>Families of which it can originate routes by itself.</summary>
    public IReadOnlyList<Family> Originates { get; init; } = Families;

    public override string ToString() => Name;
}
