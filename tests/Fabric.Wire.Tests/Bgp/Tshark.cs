using System.Buffers.Binary;
using System.Xml.Linq;
using Fabric.Testing;

namespace Fabric.Wire.Tests.Bgp;

/// <summary>Has tshark decode BGP messages; a fixture that uses it fails where tshark is not installed.</summary>
internal static class Tshark
{
    private const int IpBytes = 20;
    private const int TcpBytes = 20;

    /// <summary>Each message's fields as "name=value", in tshark's order and names without "bgp.".</summary>
    public static List<List<string>> Decode(IReadOnlyList<byte[]> messages) => Decode(messages, []);

    /// <summary>The same of messages to port 179 that tshark is told to read as another protocol ("tcp.port==179,bmp").</summary>
    public static List<List<string>> DecodeAs(string protocol, IReadOnlyList<byte[]> messages) =>
        Decode(messages, ["-d", $"tcp.port==179,{protocol}"]);

    // Every message is a segment of a TCP connection of its own to port 179.
    private static List<List<string>> Decode(IReadOnlyList<byte[]> messages, string[] options) =>
        [.. Dissection.Of(messages.Select(static (message, i) => Packet(message, (ushort)(40000 + i))), options).Select(Fields)];

    private static List<string> Fields(XElement packet) =>
        [
            .. packet
                .Elements("proto")
                .Where(p => p.Attribute("name")!.Value is "bgp" or "bmp" or "_ws.malformed")
                .SelectMany(p => p.DescendantsAndSelf())
                .Select(f => $"{Name(f)}={f.Attribute("show")?.Value}"),
        ];

    private static string? Name(XElement field)
    {
        const string prefix = "bgp.";
        var name = field.Attribute("name")?.Value;
        return name is not null && name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name;
    }

    private static byte[] Packet(byte[] message, ushort port)
    {
        var packet = new byte[IpBytes + TcpBytes + message.Length];
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        packet[8] = 64;
        packet[9] = 6;
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(12), 0xC0000201);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(16), 0xC0000202);
        var tcp = packet.AsSpan(IpBytes);
        BinaryPrimitives.WriteUInt16BigEndian(tcp, port);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[2..], 179);
        tcp[7] = 1;
        tcp[12] = TcpBytes / 4 << 4;
        tcp[13] = 0x18;
        message.CopyTo(tcp[TcpBytes..]);
        return packet;
    }
}
