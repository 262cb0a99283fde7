using System.Xml.Linq;
using Fabric.Lab.Checks;
using Fabric.Wire.Bgp;

namespace Fabric.Interop.Captures;

/// <summary>A BGP message that went over the wire.</summary>
/// <param name="Source">Who sent it.</param>
/// <param name="Bytes">The message with its header, out of the segments' payload.</param>
/// <param name="Dissection">What tshark reads in it (PDML).</param>
internal sealed record CapturedMessage(string Source, byte[] Bytes, XElement Dissection)
{
    public MessageType Type => (MessageType)Bytes[MessageFrame.HeaderBytes - 1];

    /// <summary>All messages of a capture. Both readers must find as many on each connection, for the nth of one to be the nth of the other.</summary>
    public static async Task<IReadOnlyList<CapturedMessage>> AllAsync(Capture capture)
    {
        var streams = await StreamsAsync(capture);
        var dissections = XDocument
            .Parse(await capture.DissectAsync("bgp"))
            .Root!.Elements("packet")
            .SelectMany(packet => packet.Protocols("bgp").Select(message => (Key: Key(packet), Message: message)))
            .ToLookup(pair => pair.Key, pair => pair.Message);
        var messages = new List<CapturedMessage>();
        foreach (var (key, bytes) in streams)
        {
            var (own, other) = (Split(bytes), dissections[key].ToList());
            Assert.That(own, Has.Count.EqualTo(other.Count), $"messages of {key}");
            messages.AddRange(own.Zip(other, (message, dissection) => new CapturedMessage(key.Source, message, dissection)));
        }

        return messages;
    }

    /// <summary>Holds Fabric's reading of each, which is of a session with what it has agreed on, against tshark's.</summary>
    public static void AreReadEqually(IReadOnlyList<CapturedMessage> messages, UpdateContext context)
    {
        Assert.That(messages, Is.Not.Empty);
        foreach (var message in messages)
        {
            Assert.That(
                OwnReading.Of(message.Bytes, context),
                Is.EqualTo(TsharkReading.Of(message.Dissection)),
                () => $"from {message.Source}: {Convert.ToHexString(message.Bytes)}"
            );
        }
    }

    /// <summary>The bytes of each direction of each connection, segment behind segment; what was sent twice counts once.</summary>
    private static async Task<Dictionary<(string Stream, string Source), List<byte>>> StreamsAsync(Capture capture)
    {
        var streams = new Dictionary<(string, string), List<byte>>();
        foreach (
            var segment in await capture.FramesAsync(
                "tcp.port == 179 && tcp.len > 0",
                "tcp.stream",
                "ip.src",
                "ipv6.src",
                "tcp.seq",
                "tcp.payload"
            )
        )
        {
            var key = (segment["tcp.stream"], segment["ip.src"] + segment["ipv6.src"]);
            if (!streams.TryGetValue(key, out var bytes))
            {
                streams.Add(key, bytes = []);
            }

            // tshark counts from 1, behind the SYN.
            if (int.Parse(segment["tcp.seq"]) - 1 == bytes.Count)
            {
                bytes.AddRange(Convert.FromHexString(segment["tcp.payload"]));
            }
        }

        return streams;
    }

    private static List<byte[]> Split(List<byte> stream)
    {
        var messages = new List<byte[]>();
        ReadOnlySpan<byte> rest = stream.ToArray();
        while (MessageFrame.Read(rest, extendedMessages: true) is { Status: FrameStatus.Complete } frame)
        {
            messages.Add(rest[..frame.TotalBytes].ToArray());
            rest = rest[frame.TotalBytes..];
        }

        return messages;
    }

    private static (string Stream, string Source) Key(XElement packet) =>
        (packet.Show("tcp.stream")!, (packet.Show("ip.src") ?? packet.Show("ipv6.src"))!);
}
