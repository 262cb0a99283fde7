using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Interop.Captures;

/// <summary>What Fabric's decoder reads in a message between speakers with four-octet AS numbers: type and length, then names and values, sorted.</summary>
internal static class OwnReading
{
    /// <summary>Of a session with all families, and nothing beside.</summary>
    public static UpdateContext Plain { get; } = new(FourOctetAs: true, IsInternal: true, [.. AddressFamily.All]);

    public static IReadOnlyList<string> Of(byte[] message, UpdateContext context)
    {
        var frame = MessageFrame.Read(message, extendedMessages: true);
        var lines = frame.Type switch
        {
            MessageType.Open => Open(frame.Body),
            MessageType.Update => Update(frame.Body, context),
            MessageType.Notification => Notification(NotificationMessage.Decode(frame.Body)),
            MessageType.RouteRefresh => RouteRefresh(frame.Body),
            _ => [],
        };
        return [$"type {(int)frame.Type} length {frame.TotalBytes}", .. lines.Distinct().Order(StringComparer.Ordinal)];
    }

    public static string Words(AddressFamily family) => $"{family.Afi}/{family.Safi}";

    private static IEnumerable<string> Open(ReadOnlySpan<byte> body)
    {
        Assert.That(OpenMessage.TryDecode(body, out var open, out var error), Is.True, () => $"{error}");
        return
        [
            $"version {open!.Version}",
            $"as {open.TwoOctetAs}",
            $"hold-time {open.HoldSeconds}",
            $"identifier {open.Identifier}",
            .. open.Capabilities.Select(capability => $"capability {capability.Code} {Value(capability)}".TrimEnd()),
        ];
    }

    private static string Value(Capability capability) =>
        capability switch
        {
            MultiprotocolCapability one => Words(one.Family),
            FourOctetAsCapability one => $"{one.AsNumber}",
            ExtendedNextHopCapability one => string.Join(' ', one.NextHops.Select(hop => $"{Words(hop.Family)} {hop.NextHopAfi}")),
            AddPathCapability one => string.Join(' ', one.Families.Select(family => $"{Words(family.Family)} {(int)family.Modes}")),
            GracefulRestartCapability one => string.Join(
                ' ',
                [
                    Flag(one.Restarted),
                    Flag(one.NotificationSupport),
                    $"{one.RestartSeconds}",
                    .. one.Families.Select(family => $"{Words(family.Family)} {Flag(family.ForwardingPreserved)}"),
                ]
            ),
            _ => Hex(capability),
        };

    private static string Flag(bool value) => value ? "1" : "0";

    private static string Hex(Capability capability)
    {
        var value = new byte[capability.ValueBytes];
        capability.WriteValue(value);
        return Convert.ToHexStringLower(value);
    }

    /// <summary>The words inside a hard reset are data to tshark.</summary>
    private static IEnumerable<string> Notification(NotificationMessage notification) =>
        [
            $"notification {(int)notification.Code}/{notification.Subcode}",
            .. notification.Data.IsEmpty ? Array.Empty<string>()
            : notification is { IsHardReset: false, ShutdownMessage: { } words } ? [$"communication {words}"]
            : [$"data {Convert.ToHexStringLower(notification.Data.AsSpan())}"],
        ];

    private static IEnumerable<string> RouteRefresh(ReadOnlySpan<byte> body) =>
        RouteRefreshMessage.TryDecode(body, out var refresh) ? [$"route-refresh {Words(refresh.Family)} {(int)refresh.Subtype}"] : [];

    private static List<string> Update(ReadOnlySpan<byte> body, UpdateContext context)
    {
        var lines = new List<string>();
        var update = new UpdateDecoder(new AttributeInterner(), context).Decode(body);
        if (update.EndOfRib is { } complete)
        {
            lines.Add($"end-of-rib {Words(complete)}");
        }

        if (update.Fault is { } fault)
        {
            lines.Add($"fault {fault}");
        }

        foreach (var block in update)
        {
            lines.AddRange(OwnRoutes.Of(block));
            lines.AddRange(block.Attributes is { } attributes ? OwnAttributes.Of(attributes) : []);
        }

        return lines;
    }
}
