using Fabric.Interop.Machine;
using Fabric.Interop.Routes;

namespace Fabric.Interop.Speakers;

/// <summary>A maker's daemon: what it speaks, and how one is made.</summary>
internal sealed record Software(string Name, IReadOnlyList<Family> Families, Func<LanNode, uint, IReadOnlyList<Neighbor>, Speaker> Make)
{
    private static readonly Family[] s_unicast = [Family.Ipv4, Family.Ipv6];
    private static readonly Family[] s_labelled = [Family.LabelledIpv4, Family.LabelledIpv6];
    private static readonly Family[] s_vpn = [Family.Vpnv4, Family.Vpnv6];

    public static readonly Software Frr = new(
        "frr",
        [.. s_unicast, .. s_vpn, Family.Evpn],
        (node, number, neighbors) => new FrrSpeaker(node, number, neighbors)
    )
    {
        // EVPN routes it makes of its kernel's bridges only: see FrrVtep.
        Originates = [.. s_unicast, .. s_vpn],
        ForgetsInRestart = [Family.Evpn],
    };

    /// <summary>FRR for labelled unicast, which it does not speak beside unicast in one session. Without its zebra it has no labels to give.</summary>
    public static readonly Software LabelledFrr = Frr with { Name = "frr-labelled", Families = s_labelled, Originates = [] };

    public static readonly Software Bird = new(
        "bird",
        [.. s_unicast, .. s_labelled, .. s_vpn],
        (node, number, neighbors) => new BirdSpeaker(node, number, neighbors)
    );

    public static readonly Software OpenBgpd = new(
        "openbgpd",
        [.. s_unicast, .. s_vpn],
        (node, number, neighbors) => new OpenBgpdSpeaker(node, number, neighbors)
    )
    {
        Originates = s_unicast,
        // It would say ::1 as the next hop of IPv6 over an IPv4 session.
        OriginatesOutside = [Family.Ipv4],
        KeepsWithdrawn = s_vpn,
        AnswersRefresh = false,
    };

    public static readonly Software GoBgp = new(
        "gobgp",
        [.. s_unicast, .. s_labelled, .. s_vpn, Family.Evpn],
        (node, number, neighbors) => new GoBgpSpeaker(node, number, neighbors)
    )
    {
        AsksForRefresh = false,
    };

    public static readonly Software ExaBgp = new(
        "exabgp",
        [.. s_unicast, .. s_labelled, .. s_vpn, Family.Evpn],
        (node, number, neighbors) => new ExaBgpSpeaker(node, number, neighbors)
    )
    {
        // Its commands have no words for EVPN.
        Originates = [.. s_unicast, .. s_labelled, .. s_vpn],
        ReadsShutdownCommunication = false,
    };

    public static IReadOnlyList<Software> All { get; } = [Frr, Bird, OpenBgpd, GoBgp, ExaBgp];

    /// <summary>Each in a role; over turns 0, 1 and 2 each of them has had all roles, and in each turn there are all roles.</summary>
    public static IReadOnlyList<(Software Software, Role Role)> InTurn(int turn) =>
        [.. All.Select((software, number) => (software, (Role)((number + turn) % 3)))];

    /// <summary>Families of which it can originate routes by itself.</summary>
    public IReadOnlyList<Family> Originates { get; init; } = Families;

    /// <summary>The same towards another AS.</summary>
    public IReadOnlyList<Family>? OriginatesOutside { get; init; }

    /// <summary>Families whose routes it counts as withdrawn, and keeps: a fault of this version, and to be taken out here when it is mended.</summary>
    public IReadOnlyList<Family> KeepsWithdrawn { get; init; } = [];

    /// <summary>
    /// Families whose routes it loses with the session, though it has agreed to keep them over a restart: a fault of this version, and to be taken out
    /// here when it is mended.
    /// </summary>
    public IReadOnlyList<Family> ForgetsInRestart { get; init; } = [];

    /// <summary>Whether it can be made to send ROUTE-REFRESH.</summary>
    public bool AsksForRefresh { get; init; } = true;

    /// <summary>Whether it sends routes again when it is asked: OpenBGPD 7.7 says that it has not agreed on the family, whichever that is.</summary>
    public bool AnswersRefresh { get; init; } = true;

    /// <summary>Whether a NOTIFICATION with an operator's words (RFC 9003) is read: ExaBGP 4.2.21 stumbles over them, and calls the message faulty.</summary>
    public bool ReadsShutdownCommunication { get; init; } = true;

    /// <summary>The same for some of the families alone.</summary>
    public Software Speaking(params IReadOnlyList<Family> families) =>
        this with
        {
            Families = families,
            Originates = [.. Originates.Intersect(families)],
        };

    public IReadOnlyList<Family> OriginatesAs(Role role) => role == Role.External ? OriginatesOutside ?? Originates : Originates;

    public override string ToString() => Name;
}
