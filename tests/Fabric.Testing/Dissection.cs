using System.Buffers.Binary;
using System.Diagnostics;
using System.Xml.Linq;

namespace Fabric.Testing;

/// <summary>What tshark reads of packets; a test that uses it fails where tshark is not installed.</summary>
public static class Dissection
{
    private const int RawIp = 101;
    private const int FileHeaderBytes = 24;
    private const int RecordHeaderBytes = 16;

    /// <summary>Has tshark read packets, each from its IP header on.</summary>
    /// <param name="packets">In their order.</param>
    /// <param name="options">Others that tshark is given.</param>
    /// <returns>An element "packet" of tshark's PDML for each.</returns>
    public static IEnumerable<XElement> Of(IEnumerable<byte[]> packets, params IEnumerable<string> options)
    {
        var file = Path.Combine(Path.GetTempPath(), $"fabric-{Guid.NewGuid():n}.pcap");
        try
        {
            File.WriteAllBytes(file, Capture(packets));
            return XDocument.Parse(Run(file, options)).Root!.Elements("packet");
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string Run(string file, IEnumerable<string> options)
    {
        var start = new ProcessStartInfo("tshark", ["-n", "-r", file, "-T", "pdml", .. options])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["TZ"] = "UTC";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, errors.Result);
        return output;
    }

    // A classic pcap file.
    private static byte[] Capture(IEnumerable<byte[]> packets)
    {
        var file = new MemoryStream();
        Span<byte> head = stackalloc byte[FileHeaderBytes];
        BinaryPrimitives.WriteUInt32BigEndian(head, 0xA1B2C3D4);
        BinaryPrimitives.WriteUInt16BigEndian(head[4..], 2);
        BinaryPrimitives.WriteUInt16BigEndian(head[6..], 4);
        BinaryPrimitives.WriteUInt32BigEndian(head[16..], 1 << 18);
        BinaryPrimitives.WriteUInt32BigEndian(head[20..], RawIp);
        file.Write(head);
        var record = head[..RecordHeaderBytes];
        foreach (var packet in packets)
        {
            record.Clear();
            BinaryPrimitives.WriteInt32BigEndian(record[8..], packet.Length);
            BinaryPrimitives.WriteInt32BigEndian(record[12..], packet.Length);
            file.Write(record);
            file.Write(packet);
        }

        return file.ToArray();
    }
}
