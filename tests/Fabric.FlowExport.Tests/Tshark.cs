using System.Buffers.Binary;
using System.Xml.Linq;
using Fabric.Testing;

namespace Fabric.FlowExport.Tests;

/// <summary>Has tshark decode datagrams; a test that uses it fails where tshark is not installed.</summary>
internal static class Tshark
{
    private const int HeaderBytes = 28;

    /// <summary>The fields of each flow record of IPFIX messages, as "name=value" in tshark's order.</summary>
    public static List<List<string>> IpfixFlows(IReadOnlyList<byte[]> messages) =>
        [
            .. Protocol(messages, 4739, "cflow")
                .Descendants("field")
                .Where(field => Shows(field).StartsWith("Flow ", StringComparison.Ordinal))
                .Select(Fields),
        ];

    /// <summary>The fields of each IPFIX message, those of records included.</summary>
    public static List<string> Ipfix(IReadOnlyList<byte[]> messages) => Fields(Protocol(messages, 4739, "cflow"));

    /// <summary>The fields of sFlow datagrams, those of the headers in them included.</summary>
    public static List<string> Sflow(IReadOnlyList<byte[]> datagrams) => Fields(Protocol(datagrams, 6343, "sflow"));

    private static XElement Protocol(IReadOnlyList<byte[]> datagrams, ushort port, string name)
    {
        var packets = Dissection.Of(datagrams.Select(datagram => Packet(datagram, port))).ToList();
        Assert.That(packets.Descendants("proto").Select(proto => proto.Attribute("name")!.Value), Has.None.EqualTo("_ws.malformed"));
        return new XElement("all", packets.Descendants("proto").Where(proto => proto.Attribute("name")!.Value == name));
    }

    private static List<string> Fields(XElement parent) =>
        [
            .. parent
                .Descendants("field")
                .Where(field => field.Attribute("name")!.Value.Length > 0)
                .Select(field => $"{Name(field)}={Shows(field)}"),
        ];

    private static string Name(XElement field) => field.Attribute("name")!.Value.Replace("cflow.", "", StringComparison.Ordinal);

    private static string Shows(XElement field) => field.Attribute("show")?.Value ?? "";

    // UDP over IPv4.
    private static byte[] Packet(byte[] datagram, ushort port)
    {
        var packet = new byte[HeaderBytes + datagram.Length];
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        packet[8] = 64;
        packet[9] = 17;
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(12), 0xC000020B);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(16), 0xC0000209);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(20), 50000);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(22), port);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(24), (ushort)(8 + datagram.Length));
        datagram.CopyTo(packet.AsSpan(HeaderBytes));
        return packet;
    }
}
