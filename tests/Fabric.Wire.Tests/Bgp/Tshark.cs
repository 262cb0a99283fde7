using System.Buffers.Binary;
using System.Diagnostics;
using System.Xml.Linq;

namespace Fabric.Wire.Tests.Bgp;

/// <summary>Has tshark decode BGP messages; a fixture that uses it fails where tshark is not installed.</summary>
internal static class Tshark
{
    private const int RawIp = 101;
    private const int IpBytes = 20;
    private const int TcpBytes = 20;

    /// <summary>Each message's fields as "name=value", in tshark's order and names without "bgp.".</summary>
    public static List<List<string>> Decode(IReadOnlyList<byte[]> messages) => Decode(messages, []);

    /// <summary>The same of messages to port 179 that tshark is told to read as another protocol ("tcp.port==179,bmp").</summary>
    public static List<List<string>> DecodeAs(string protocol, IReadOnlyList<byte[]> messages) =>
        Decode(messages, ["-d", $"tcp.port==179,{protocol}"]);

    private static List<List<string>> Decode(IReadOnlyList<byte[]> messages, string[] options)
    {
        var file = Path.Combine(Path.GetTempPath(), $"fabric-{Guid.NewGuid():n}.pcap");
        try
        {
            File.WriteAllBytes(file, Capture(messages));
            return [.. Packets(Run(file, options)).Select(Fields)];
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static IEnumerable<XElement> Packets(string pdml) => XDocument.Parse(pdml).Root!.Elements("packet");

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

    private static string Run(string file, string[] options)
    {
        var start = new ProcessStartInfo("tshark", ["-n", "-r", file, "-T", "pdml", .. options])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, errors.Result);
        return output;
    }

    // A classic pcap file; every message is a segment of a TCP connection of its own to port 179.
    private static byte[] Capture(IReadOnlyList<byte[]> messages)
    {
        var file = new MemoryStream();
        Span<byte> head = stackalloc byte[24];
        head.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(head, 0xA1B2C3D4);
        BinaryPrimitives.WriteUInt16BigEndian(head[4..], 2);
        BinaryPrimitives.WriteUInt16BigEndian(head[6..], 4);
        BinaryPrimitives.WriteUInt32BigEndian(head[16..], 1 << 18);
        BinaryPrimitives.WriteUInt32BigEndian(head[20..], RawIp);
        file.Write(head);
        for (var i = 0; i < messages.Count; i++)
        {
            var packet = Packet(messages[i], (ushort)(40000 + i));
            var record = head[..16];
            record.Clear();
            BinaryPrimitives.WriteInt32BigEndian(record[8..], packet.Length);
            BinaryPrimitives.WriteInt32BigEndian(record[12..], packet.Length);
            file.Write(record);
            file.Write(packet);
        }

        return file.ToArray();
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
