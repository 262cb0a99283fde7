using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Fabric.Datapath.Kernel.Punts;
using Fabric.Datapath.Kernel.Tests.Kernel;
using Fabric.Datapath.Shared;

namespace Fabric.Datapath.Kernel.Tests;

/// <summary>The programs and the pipeline describe the same bytes: the types that clang wrote into the object (BTF) against those of C#.</summary>
[TestFixture]
internal sealed class LayoutTests
{
    private BpfTypes types = null!;

    [OneTimeSetUp]
    public void ReadTypes() => types = BpfTypes.OfKernelObject();

    [OneTimeTearDown]
    public void FreeTypes() => types.Dispose();

    private static IEnumerable<TestCaseData> Structures() =>
        [
            new TestCaseData("flow_key", Unsafe.SizeOf<FlowKey>()),
            new TestCaseData("flow_slot", Unsafe.SizeOf<FlowSlot>()),
            new TestCaseData("flow_table", Unsafe.SizeOf<FlowTableSlot>()),
            new TestCaseData("free_slot", Unsafe.SizeOf<FreeSlot>()),
            new TestCaseData("vif_slot", Unsafe.SizeOf<VifSlot>()),
            new TestCaseData("next_hop_slot", Unsafe.SizeOf<NextHopSlot>()),
            new TestCaseData("device_slot", Unsafe.SizeOf<DeviceSlot>()),
            new TestCaseData("host_slot", Unsafe.SizeOf<HostSlot>()),
            new TestCaseData("vif_counters", Unsafe.SizeOf<VifCounters>()),
            new TestCaseData("cache_counters", Unsafe.SizeOf<CacheCounters>()),
            new TestCaseData("punt_header", Unsafe.SizeOf<PuntHeader>()),
            new TestCaseData("punt_frame", PuntFrame.Size),
            new TestCaseData("config", Unsafe.SizeOf<ProgramConfig>()),
        ];

    [TestCaseSource(nameof(Structures))]
    public void A_structure_has_the_size_of_its_twin(string name, int size) => Assert.That(types.SizeOf(name), Is.EqualTo(size));

    [TestCase("flow_slot", "outer_source", typeof(FlowSlot), "OuterSource")]
    [TestCase("flow_slot", "verdict", typeof(FlowSlot), "verdict")]
    [TestCase("flow_slot", "validated_at", typeof(FlowSlot), "validatedAt")]
    [TestCase("flow_slot", "route_next_hop", typeof(FlowSlot), "RouteNextHop")]
    [TestCase("flow_slot", "reverse", typeof(FlowSlot), "Reverse")]
    [TestCase("flow_slot", "vif", typeof(FlowSlot), "Vif")]
    [TestCase("flow_slot", "destination_vif", typeof(FlowSlot), "DestinationVif")]
    [TestCase("flow_slot", "state", typeof(FlowSlot), "state")]
    [TestCase("flow_slot", "packets", typeof(FlowSlot), "packets")]
    [TestCase("flow_slot", "bytes", typeof(FlowSlot), "bytes")]
    [TestCase("flow_slot", "last_seen", typeof(FlowSlot), "lastSeen")]
    [TestCase("flow_slot", "tcp_end", typeof(FlowSlot), "TcpEnd")]
    [TestCase("flow_slot", "tcp_ack", typeof(FlowSlot), "TcpAcknowledged")]
    [TestCase("flow_slot", "tcp_window", typeof(FlowSlot), "TcpWindow")]
    [TestCase("flow_slot", "tcp_scale", typeof(FlowSlot), "TcpScale")]
    [TestCase("flow_slot", "rule", typeof(FlowSlot), "Rule")]
    [TestCase("flow_slot", "ports_or_began", typeof(FlowSlot), "Ports")]
    [TestCase("flow_slot", "ports_or_began", typeof(FlowSlot), "EarlierBegan")]
    [TestCase("flow_slot", "earlier_packets", typeof(FlowSlot), "EarlierPackets")]
    [TestCase("flow_slot", "earlier_bytes", typeof(FlowSlot), "EarlierBytes")]
    [TestCase("flow_table", "lock", typeof(FlowTableSlot), "Lock")]
    [TestCase("flow_table", "first_free", typeof(FlowTableSlot), "FirstFree")]
    [TestCase("flow_table", "free_count", typeof(FlowTableSlot), "FreeCount")]
    [TestCase("flow_table", "capacity", typeof(FlowTableSlot), "Capacity")]
    [TestCase("flow_table", "flows_per_vif", typeof(FlowTableSlot), "FlowsPerVif")]
    [TestCase("vif_slot", "flows", typeof(VifSlot), "Flows")]
    [TestCase("vif_slot", "stateless_lengths", typeof(VifSlot), "StatelessLengths")]
    [TestCase("vif_slot", "changed_at", typeof(VifSlot), "changedAt")]
    [TestCase("vif_slot", "next_hop", typeof(VifSlot), "NextHop")]
    [TestCase("vif_slot", "device", typeof(VifSlot), "Device")]
    [TestCase("vif_slot", "mac", typeof(VifSlot), "macAndFlags")]
    [TestCase("vif_slot", "miss_rate", typeof(VifSlot), "MissRate")]
    [TestCase("next_hop_slot", "changed_at", typeof(NextHopSlot), "changedAt")]
    [TestCase("next_hop_slot", "target", typeof(NextHopSlot), "target")]
    [TestCase("next_hop_slot", "underlay", typeof(NextHopSlot), "underlay")]
    [TestCase("host_slot", "seed", typeof(HostSlot), "Seed")]
    [TestCase("host_slot", "heartbeat", typeof(HostSlot), "Heartbeat")]
    [TestCase("host_slot", "tunnel_source", typeof(HostSlot), "TunnelSource")]
    [TestCase("host_slot", "underlay_mtu", typeof(HostSlot), "UnderlayMtu")]
    [TestCase("host_slot", "index_mask", typeof(HostSlot), "IndexMask")]
    [TestCase("host_slot", "punt_device", typeof(HostSlot), "PuntDevice")]
    [TestCase("host_slot", "records", typeof(HostSlot), "Records")]
    [TestCase("host_slot", "workers", typeof(HostSlot), "Workers")]
    [TestCase("host_slot", "miss_rate", typeof(HostSlot), "MissRate")]
    public void A_member_lies_where_its_twin_does(string structure, string member, Type twin, string field) =>
        Assert.That(types.OffsetOf(structure, member), Is.EqualTo(OffsetOf(twin, field)));

    [Test]
    public void Drop_reasons_have_the_same_numbers() =>
        Assert.That(
            types.EnumeratorsOf("drop_reason"),
            Is.EqualTo(Enum.GetNames<DropReason>().Select(static name => $"DROP_{Upper(name)}"))
        );

    private static int OffsetOf(Type type, string field) =>
        type.GetField(field, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)!
            .GetCustomAttribute<FieldOffsetAttribute>()!
            .Value;

    // UnknownDestinationMac is UNKNOWN_DESTINATION_MAC.
    private static string Upper(string name)
    {
        var text = new StringBuilder();
        foreach (var letter in name)
        {
            text.Append(char.IsUpper(letter) && text.Length > 0 ? "_" : "").Append(char.ToUpperInvariant(letter));
        }

        return text.ToString();
    }
}
