using System.Buffers.Binary;

namespace Fabric.Bench.Load;

/// <summary>
/// The VPNv4 routes of a run, as arithmetic: route <c>i</c> is a /32 whose address is <see cref="FirstAddress"/> + i, of attribute set i / 10.
/// Sets are spread over 1000 route distinguishers, and as many route targets where not said otherwise; senders own equal runs of sets. The sets after
/// <see cref="LoadedSets"/> are those of the probes, one route each.
/// </summary>
internal sealed class RouteTable
{
    public const int RoutesPerSet = 10;
    public const uint FirstAddress = 0x0B000000;
    public const ushort AutonomousSystem = 64512;
    public const uint LoadedMed = 100;
    private const int Distinguishers = 1000;
    private const uint FirstLabel = 16;
    private const uint UsableLabels = (1 << 20) - FirstLabel;

    public RouteTable(int routes, int senders, bool labelPerRoute, int probes, int targets = Distinguishers)
    {
        Targets = targets;
        LoadedSets = routes / RoutesPerSet;
        Senders = senders;
        LabelPerRoute = labelPerRoute;
        Probes = probes;
        SetsPerSender = (LoadedSets + senders - 1) / senders;
    }

    public int LoadedSets { get; }

    public int Targets { get; }

    public int Routes => LoadedSets * RoutesPerSet;

    public int Senders { get; }

    public bool LabelPerRoute { get; }

    public int Probes { get; }

    public int SetsPerSender { get; }

    /// <summary>Sets that a receiver may see, with those of the probes.</summary>
    public int Sets => LoadedSets + Probes;

    /// <summary>All probes come from the first sender.</summary>
    public int SenderOf(int set) => set < LoadedSets ? set / SetsPerSender : 0;

    public (int First, int End) SetsOf(int sender) =>
        (Math.Min(sender * SetsPerSender, LoadedSets), Math.Min((sender + 1) * SetsPerSender, LoadedSets));

    public int RoutesOf(int sender) => (SetsOf(sender).End - SetsOf(sender).First) * RoutesPerSet;

    /// <summary>Routes of a set; a probe's has one.</summary>
    public int RoutesIn(int set) => set < LoadedSets ? RoutesPerSet : 1;

    /// <summary>The 20-bit label of a route, of its own or its set's.</summary>
    public uint LabelOf(int route) => FirstLabel + ((uint)(LabelPerRoute ? route : route / RoutesPerSet) % UsableLabels);

    /// <summary>The eight octets of the route distinguisher, type 0 (RFC 4364 section 4.2).</summary>
    public static ulong RouteDistinguisherOf(int set) => ((ulong)AutonomousSystem << 32) | (1 + (uint)(set % Distinguishers));

    /// <summary>The eight octets of the route target (RFC 4360 section 4).</summary>
    public ulong RouteTargetOf(int set) => 0x0002_0000_0000_0000 | ((ulong)AutonomousSystem << 32) | (1 + (uint)(set % Targets));

    /// <summary>The community that carries a set's number: 30 bits under 0x40000000, far from the well-known ones.</summary>
    public static uint CommunityOf(int set) => 0x40000000u | (uint)set;

    public static int SetOf(uint community) => (int)(community & 0x3FFFFFFF);

    public static uint NextHopOf(int sender) => 0xC0000201u + (uint)sender;

    /// <summary>BGP Identifier of the load tool's session number <paramref name="session"/>.</summary>
    public static uint IdentifierOf(int session) => 0x0AFE0001u + (uint)session;

    /// <summary>Address from which session number <paramref name="session"/> connects: 127.1.0.1 and on.</summary>
    public static uint SourceOf(int session) => 0x7F010001u + (uint)session;

    public static void WriteAddress(Span<byte> target, uint address) => BinaryPrimitives.WriteUInt32BigEndian(target, address);
}
