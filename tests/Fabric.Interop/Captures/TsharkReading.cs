using System.Xml.Linq;

namespace Fabric.Interop.Captures;

/// <summary>What tshark reads in a message, in the lines of <see cref="OwnReading"/>.</summary>
internal static class TsharkReading
{
    public static IReadOnlyList<string> Of(XElement message)
    {
        var type = message.Show("bgp.type")!;
        var lines = type switch
        {
            "1" => Open(message),
            "2" => TsharkUpdate.Lines(message),
            "3" => Notification(message),
            "5" =>
            [
                $"route-refresh {message.Show("bgp.route_refresh.afi")}/{message.Show("bgp.route_refresh.safi")} {message.Show("bgp.route_refresh.subtype")}",
            ],
            _ => [],
        };
        return [$"type {type} length {message.Show("bgp.length")}", .. lines.Distinct().Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Open(XElement message) =>
        [
            $"version {message.Show("bgp.open.version")}",
            $"as {message.Show("bgp.open.myas")}",
            $"hold-time {message.Show("bgp.open.holdtime")}",
            $"identifier {message.Show("bgp.open.identifier")}",
            .. message
                .Fields("bgp.cap")
                .Select(capability => $"capability {capability.Show("bgp.cap.type")} {Value(capability)}".TrimEnd()),
        ];

    private static string Value(XElement capability) =>
        capability.Show("bgp.cap.type") switch
        {
            "1" => $"{capability.Show("bgp.cap.mp.afi")}/{capability.Show("bgp.cap.mp.safi")}",
            "5" => Families(capability, "enh", "nhafi"),
            "64" => string.Join(' ', GracefulRestart(capability)).TrimEnd(),
            "65" => capability.Show("bgp.cap.4as")!,
            "69" => Families(capability, "ap", "sendreceive"),
            // What tshark does not know, or shows in words alone; the first two fields are code and length.
            _ => capability.Elements("field").Skip(2).Hex(),
        };

    private static IEnumerable<string> GracefulRestart(XElement capability) =>
        [
            capability.Show("bgp.cap.gr.timers.restart_flag")!,
            capability.Show("bgp.cap.gr.timers.notification_flag")!,
            capability.Show("bgp.cap.gr.timers.restart_time")!,
            Families(capability, "gr", "flag.pfs"),
        ];

    /// <summary>Each family of a capability, with what is said of it.</summary>
    private static string Families(XElement capability, string kind, string value) =>
        string.Join(
            ' ',
            capability
                .Fields($"bgp.cap.{kind}.afi")
                .Zip(capability.Fields($"bgp.cap.{kind}.safi"), (afi, safi) => $"{afi.Show()}/{safi.Show()}")
                .Zip(capability.Fields($"bgp.cap.{kind}.{value}"), (family, said) => $"{family} {said.Show()}")
        );

    private static IEnumerable<string> Notification(XElement message)
    {
        var subcode = message
            .Descendants("field")
            .First(field => field.Name().StartsWith("bgp.notify.minor_error", StringComparison.Ordinal));
        yield return $"notification {message.Show("bgp.notify.major_error")}/{subcode.Show()}";
        if (message.Show("bgp.notify.communication") is { } words)
        {
            yield return $"communication {words}";
        }
        else if (message.Fields("bgp.notify.minor_data").Hex() is { Length: > 0 } data)
        {
            yield return $"data {data}";
        }
    }
}
