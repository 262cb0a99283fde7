using Fabric.Fuzz.Engine;

namespace Fabric.Fuzz.Targets;

/// <summary>What the underlay brings: it comes out at the VM of its label, well-formed, and nowhere else, or as a drop with its reason.</summary>
internal sealed class PacketFromUplink(Random random) : IFuzzSubject
{
    private readonly TwoNetworks _host = new();
    private uint _label;

    public int Taken { get; private set; }

    public void Feed(ReadOnlySpan<byte> input)
    {
        _label = LabelOf(input);
        _host.FromUplink(input);
    }

    public void Check()
    {
        Invariant.Holds(_host.ToUplink.Count == 0, "a packet of the underlay went back to it");
        Invariant.Holds(_host.ToVifs.Count + _host.NewDrops == 1, $"{_host.ToVifs.Count} frames and {_host.NewDrops} drops of one packet");
        Taken += _host.ToVifs.Count + _host.ToUplink.Count;
        foreach (var (vif, frame) in _host.ToVifs)
        {
            Invariant.Holds(vif == _label - 15, $"label {_label} led to vif {vif}");
            var fault = Packets.FaultOfIpv4(frame.AsSpan(14));
            Invariant.Holds(fault is null, $"frame for vif {vif}: {fault} in {Convert.ToHexStringLower(frame)}");
            var network = Packets.Source(frame.AsSpan(14)) >> 16;
            Invariant.Holds(network == (vif == 3 ? 0x0A02u : 0x0A01u), "from an address to which the network has no route");
        }

        _host.CheckTables();
        _host.Wait(random.Next(500));
    }

    // RFC 2890: checksum and key add four octets each.
    private static uint LabelOf(ReadOnlySpan<byte> packet)
    {
        var at = packet.IsEmpty ? 0 : (packet[0] & 15) * 4;
        if (packet.Length < at + 4)
        {
            return 0;
        }

        at += 4 + ((packet[at] & 0x80) != 0 ? 4 : 0) + ((packet[at] & 0x20) != 0 ? 4 : 0);
        return packet.Length < at + 4 ? 0 : System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(packet[at..]) >> 12;
    }
}
