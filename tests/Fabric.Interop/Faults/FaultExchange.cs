using System.Net;
using System.Net.Sockets;
using Fabric.Interop.Exchange;
using Fabric.Interop.Machine;
using Fabric.Interop.Routes;
using Fabric.Interop.Speakers;

namespace Fabric.Interop.Faults;

/// <summary>
/// The exchange of all tests of faults: BIRD and GoBGP, which hold each other's routes throughout, hear what the control node makes of an injector's
/// messages.
/// </summary>
[SetUpFixture]
public sealed class FaultExchange
{
    /// <summary>Of the control node, the first machine, and its identifier.</summary>
    public const string Address = "10.7.0.1";

    /// <summary>The injector of ipv4 inside the AS.</summary>
    public const string Internal = "internal";

    /// <summary>The one in another AS.</summary>
    public const string External = "external";

    /// <summary>The one there of all families.</summary>
    public const string ExternalFamilies = "external-all";

    /// <summary>The one inside of all families.</summary>
    public const string AllFamilies = "families";

    /// <summary>The injectors of ipv4 whose session ends.</summary>
    public const int Fatal = 8;

    /// <summary>Those of all families whose families end.</summary>
    public const int Disabled = 4;

    /// <summary>The injectors of ipv4, vpnv4 and memberships.</summary>
    public const int Members = 16;

    /// <summary>A client that hears of memberships.</summary>
    public const string Listener = "listener";

    public const ushort ExternalAs = 65010;

    /// <summary>Those of ipv4 whose OPEN is not as usual.</summary>
    public const int Openers = 48;

    /// <summary>The AS of each neighbour of ipv4 that the control node connects to, too: its own, the one below, and one above.</summary>
    public static readonly IReadOnlyList<ushort> CollidingAses =
    [
        .. Enumerable.Repeat((ushort)ReflectorExchange.As, 4),
        (ushort)(ReflectorExchange.As - 1),
        (ushort)(ReflectorExchange.As - 1),
        ExternalAs,
        ExternalAs,
    ];

    private static readonly Family[] s_families =
    [
        Family.Ipv4,
        Family.Ipv6,
        Family.LabelledIpv4,
        Family.LabelledIpv6,
        Family.Vpnv4,
        Family.Vpnv6,
        Family.Evpn,
    ];

    private static readonly Dictionary<string, (LanNode Node, Neighbor Neighbor)> s_injectors = [];
    private static ReflectorExchange s_exchange = null!;
    private static IReadOnlyList<string> s_lostBefore = [];

    /// <summary>Sessions may come up at the second try: what counts is what ends after all routes have been exchanged.</summary>
    [OneTimeSetUp]
    public async Task StartAsync()
    {
        s_exchange = await ReflectorExchange.StartAsync(
            [(Software.Bird, Role.Client), (Software.GoBgp with { Families = s_families }, Role.Client)],
            AddInjectorsAsync
        );
        foreach (var (member, family) in s_exchange.Members.SelectMany(member => member.Software.Originates.Select(f => (member, f))))
        {
            await s_exchange.HoldsAllAsync(member, family);
        }

        s_lostBefore = Lost();
    }

    [OneTimeTearDown]
    public async Task EndAsync() => await s_exchange.DisposeAsync();

    internal static string FatalName(int number) => $"fatal{number}";

    internal static string DisabledName(int number) => $"disabled{number}";

    internal static string MemberName(int number) => $"member{number}";

    internal static string OpenerName(int number) => $"opener{number}";

    internal static string CollidingName(int number) => $"colliding{number}";

    /// <summary>What all who hear of it call the VPN route of BIRD or GoBGP, whose first target nobody else's has.</summary>
    internal static Route VpnRouteOf(Software software) => s_exchange.Of(software).Route(Family.Vpnv4);

    internal static string Log() => s_exchange.Reflector.Log;

    internal static async Task<Injector> ConnectAsync(string name)
    {
        var (node, neighbor) = s_injectors[name];
        return await Injector.ConnectAsync(node, Address, (ushort)neighbor.As, neighbor.Families, neighbor.Address);
    }

    /// <summary>A connection of an injector that has said nothing yet.</summary>
    internal static Task<BgpConnection> OpenAsync(string name) => BgpConnection.OpenAsync(s_injectors[name].Node, Address, AddressOf(name));

    /// <summary>Waits for the connections of the control node to an injector.</summary>
    internal static Socket Listen(string name) => BgpConnection.Listen(s_injectors[name].Node, AddressOf(name));

    internal static string AddressOf(string name) => s_injectors[name].Neighbor.Address;

    /// <summary>What the control node's command says of an injector.</summary>
    internal static Task<string> ShowAsync(string name) => s_exchange.Reflector.ShowAsync("bgp", "neighbor", name);

    /// <summary>Waits until an injector holds what BIRD originates.</summary>
    internal static Task IsToldAsync(Injector injector)
    {
        var prefix = IPNetwork.Parse(s_exchange.Of(Software.Bird).Route(Family.Ipv4).Prefix);
        return Eventually.HoldsAsync(
            () => Task.FromResult(injector.Held(Family.Ipv4)),
            Has.Member(
                $"{prefix.PrefixLength:x2}{Convert.ToHexStringLower(prefix.BaseAddress.GetAddressBytes()[..(prefix.PrefixLength / 8)])}"
            ),
            Log
        );
    }

    /// <summary>Waits until all who speak a family hold a route of an injector, or none of them.</summary>
    /// <param name="name">Its prefix, behind the distinguisher if it has one; of EVPN what GoBGP calls it.</param>
    internal static async Task HaveAsync(Family family, string name, bool isThere)
    {
        foreach (var member in s_exchange.Members.Where(member => member.Software.Families.Contains(family)))
        {
            await Eventually.HoldsAsync(
                () => NamesAsync(member, family),
                isThere ? Has.Member(name) : Has.No.Member(name),
                () => s_exchange.Logs(member)
            );
        }
    }

    /// <summary>Waits until all who speak its family hold a route of an injector with just these attributes.</summary>
    internal static async Task HaveAsync(Route route)
    {
        foreach (var member in s_exchange.Members.Where(member => member.Software.Families.Contains(route.Family)))
        {
            await Eventually.HoldsAsync(
                async () => (await member.Speaker.ReceivedAsync(route.Family)).Where(route.IsSame),
                Is.EqualTo([route]),
                () => s_exchange.Logs(member)
            );
        }
    }

    /// <summary>Waits until an injector has read why its session ended: others may hear of its routes' end before.</summary>
    internal static Task HasEndedAsync(Injector injector, string reason) =>
        Eventually.HoldsAsync(() => Task.FromResult(injector.Ended), Is.EqualTo(reason), () => s_exchange.Reflector.Log);

    /// <summary>The sessions of BIRD and GoBGP have not ended, and each still holds what the other originates of a family.</summary>
    internal static async Task OthersStayAsync(Family family)
    {
        foreach (var member in s_exchange.Members.Where(member => member.Software.Originates.Contains(family)))
        {
            Assert.That(
                await member.Speaker.ReceivedAsync(family),
                Is.SupersetOf(s_exchange.Expected(member, family)),
                () => s_exchange.Logs(member)
            );
        }

        Assert.That(Lost(), Is.EqualTo(s_lostBefore));
    }

    /// <summary>What the control node says of sessions of BIRD and GoBGP that have ended.</summary>
    private static IReadOnlyList<string> Lost() =>
        [
            .. s_exchange
                .Reflector.FullLog.Split('\n')
                .Where(line => s_exchange.Members.Any(member => line.Contains($"{member.Name} is down", StringComparison.Ordinal))),
        ];

    private static async Task<IReadOnlyList<string>> NamesAsync(Member member, Family family) =>
        family == Family.Evpn
            ? await ((GoBgpSpeaker)member.Speaker).NamesAsync(family)
            : [.. (await member.Speaker.ReceivedAsync(family)).Select(route => $"{route.Distinguisher} {route.Prefix}".TrimStart())];

    private static async Task<IReadOnlyList<Neighbor>> AddInjectorsAsync(Lan lan, LanNode center)
    {
        await AddAsync(lan, Internal, ReflectorExchange.As, [Family.Ipv4]);
        await AddAsync(lan, External, ExternalAs, [Family.Ipv4], Role.External);
        await AddAsync(lan, ExternalFamilies, ExternalAs, s_families, Role.External);
        await AddAsync(lan, AllFamilies, ReflectorExchange.As, s_families);
        for (var number = 0; number < Fatal; number++)
        {
            await AddAsync(lan, FatalName(number), ReflectorExchange.As, [Family.Ipv4]);
        }

        for (var number = 0; number < Disabled; number++)
        {
            await AddAsync(lan, DisabledName(number), ReflectorExchange.As, s_families);
        }

        for (var number = 0; number < Members; number++)
        {
            await AddAsync(lan, MemberName(number), ReflectorExchange.As, [Family.Ipv4, Family.Vpnv4, Family.RouteTargets]);
        }

        await AddAsync(lan, Listener, ReflectorExchange.As, [Family.Ipv4, Family.RouteTargets], Role.Client);
        await AddManyAsync(lan, "openers", Enumerable.Range(0, Openers).Select(number => (OpenerName(number), ReflectorExchange.As)));
        await AddManyAsync(
            lan,
            "colliding",
            CollidingAses.Select((number, index) => (CollidingName(index), (uint)number)),
            isPassive: false
        );
        return [.. s_injectors.Values.Select(injector => injector.Neighbor)];
    }

    private static async Task AddAsync(
        Lan lan,
        string name,
        uint autonomousSystem,
        IReadOnlyList<Family> families,
        Role role = Role.NonClient
    )
    {
        var node = await lan.AddAsync(name);
        Add(node, name, node.Address, autonomousSystem, families, role);
    }

    /// <summary>Several on one machine, each with an address of its own.</summary>
    private static async Task AddManyAsync(Lan lan, string machine, IEnumerable<(string Name, uint As)> injectors, bool isPassive = true)
    {
        var node = await lan.AddAsync(machine);
        var added = injectors.ToList();
        foreach (var ((name, number), address) in added.Zip(await node.AddAddressesAsync(added.Count)))
        {
            Add(node, name, address, number, [Family.Ipv4], number == ReflectorExchange.As ? Role.NonClient : Role.External, isPassive);
        }
    }

    private static void Add(
        LanNode node,
        string name,
        string address,
        uint autonomousSystem,
        IReadOnlyList<Family> families,
        Role role,
        bool isPassive = true
    ) =>
        s_injectors.Add(
            name,
            (
                node,
                new Neighbor(name, address, autonomousSystem, families)
                {
                    IsPassive = isPassive,
                    IsClient = role == Role.Client,
                    FurtherKeys = ReflectorExchange.KeysOf(role),
                }
            )
        );
}
