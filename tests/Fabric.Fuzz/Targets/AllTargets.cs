using Fabric.Fuzz.Engine;

namespace Fabric.Fuzz.Targets;

internal static class AllTargets
{
    public static IReadOnlyList<FuzzTarget> Value { get; } =
    [
        new("bgp-session", "bgp-message", static random => new BgpSession(random)) { Mend = BgpMessages.Mend, AllocationPerByte = 1024 },
        new("bgp-update", "bgp-message", static random => new BgpUpdate(random)) { Mend = BgpMessages.Mend, AllocationPerByte = 1024 },
        new("agent-session", "xmpp-agent-says", static random => new AgentSessionTarget(random)) { AllocationPerByte = 1024 },
        new("controller-session", "xmpp-control-says", static random => new ControllerSessionTarget(random)) { AllocationPerByte = 2048 },
        new("agent-view", "agent-view", static _ => new AgentView()) { AllocationPerByte = 1024 },
        new("route-item", "route-item", static random => new RouteItem(random)) { AllocationPerByte = 1024 },
        new("packet-from-vif", "packet-vif", static random => new PacketFromVif(random))
        {
            Mend = Packets.MendFrame,
            AllocationPerByte = 16,
        },
        new("packet-from-uplink", "packet-uplink", static random => new PacketFromUplink(random))
        {
            Mend = Packets.MendTunnelled,
            AllocationPerByte = 16,
        },
        new("dhcp", "dhcp", static _ => new Dhcp()),
        new("data-plane-channel", "data-plane-channel", static random => new DataPlaneChannel(random))
        {
            // Tables of labels and next hops are arrays of up to 2^20 references, doubled on the way there.
            AllocationBase = 40 << 20,
        },
        new("data-plane-records", "data-plane-records", static random => new DataPlaneRecords(random)),
        new("options", "options", static _ => new OptionsText()) { AllocationPerByte = 4096 },
    ];
}
