using Fabric.Datapath;
using Fabric.Fuzz.Engine;

namespace Fabric.Fuzz.Targets;

/// <summary>What a VM sends: it comes out in its own network, well-formed, from the VM's own address, or as a drop with its reason.</summary>
internal sealed class PacketFromVif(Random random) : IFuzzSubject
{
    private static readonly uint[] s_addresses = [.. new[] { "10.1.0.11", "10.1.0.12", "10.2.0.11" }.Select(TwoNetworks.Address)];

    private readonly TwoNetworks _host = new();
    private uint _vif;
    private PacketOffload _offload;

    private static uint Tunnel { get; } = TwoNetworks.Address("192.0.2.2");

    public int Taken { get; private set; }

    public void Feed(ReadOnlySpan<byte> input)
    {
        _vif = (uint)random.Next(1, 4);
        _offload =
            random.Next(2) == 0
                ? PacketOffload.None
                : new PacketOffload(
                    (OffloadFlags)random.Next(8),
                    (ushort)random.Next(100),
                    (ushort)random.Next(40),
                    (ushort)random.Next(1600),
                    (ushort)random.Next(100)
                );
        // A frame of the corpus is vif 1's; here each vif says it with its own address too.
        Span<byte> frame = input.ToArray();
        if (frame.Length >= 30 && random.Next(4) > 0)
        {
            new byte[] { 2, 0, 0, 0, 0, (byte)_vif }.CopyTo(frame[6..]);
        }

        _host.FromVif(_vif, frame, _offload);
    }

    public void Check()
    {
        Invariant.Holds(
            _host.ToVifs.Count + _host.ToUplink.Count + _host.NewDrops > 0 && _host.NewDrops <= 1,
            $"{_host.ToVifs.Count} frames, {_host.ToUplink.Count} packets and {_host.NewDrops} drops of one frame"
        );
        Taken += _host.ToVifs.Count + _host.ToUplink.Count;
        foreach (var (vif, frame) in _host.ToVifs)
        {
            Invariant.Holds(TwoNetworks.NetworkOf(vif) == TwoNetworks.NetworkOf(_vif), $"a frame of vif {_vif} reached vif {vif}");
            Invariant.Holds(frame[12] == 8 && frame[13] is 0 or 6, "neither IPv4 nor ARP for a vif");
            var fault = frame[13] == 0 ? Packets.FaultOfIpv4(frame.AsSpan(14)) : null;
            Invariant.Holds(fault is null, $"frame for vif {vif}: {fault} in {Convert.ToHexStringLower(frame)}");
        }

        foreach (var packet in _host.ToUplink)
        {
            var fault = Packets.FaultOfTunnelled(packet);
            Invariant.Holds(fault is null, $"for the underlay: {fault} in {Convert.ToHexStringLower(packet)}");
            Invariant.Holds(packet.Length <= 1500, $"a packet of {packet.Length} octets for an MTU of 1500");
            Invariant.Holds(Packets.Destination(packet) == Tunnel, "to a host that no route names");
            Invariant.Holds(
                Packets.Label(packet) == (TwoNetworks.NetworkOf(_vif) == TwoNetworks.Red ? 21u : 31u),
                "another network's label"
            );
            Invariant.Holds(Packets.Source(packet.AsSpan(28)) == s_addresses[_vif - 1], "from an address that is not the VM's");
        }

        _host.CheckTables();
        _host.Wait(random.Next(500));
    }
}
