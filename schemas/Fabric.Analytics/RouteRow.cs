using System.Text.Json;
using Fabric.Analytics.Json;
using Fabric.Primitives;

namespace Fabric.Analytics;

/// <summary>
/// A row of fabric.routes as a value, for tables of millions: <see cref="RouteEvent"/> without its objects. Who makes it makes no text: prefix and route
/// distinguisher are numbers, names are references to text that there is anyway, and the words of attributes are shared. Its time is when the stream takes it.
/// </summary>
public readonly record struct RouteRow : IStreamRow
{
    public static Topic Topic => Topic.Routes;

    public RouteChange Change { get; init; }

    public string? Table { get; init; }

    public string? Family { get; init; }

    /// <summary>Not looked at where there is <see cref="OtherPrefix"/>.</summary>
    public IpPrefix Prefix { get; init; }

    /// <summary>The text of a route that is no IP prefix; null: it is one.</summary>
    public string? OtherPrefix { get; init; }

    public RouteDistinguisher? RouteDistinguisher { get; init; }

    public string? Peer { get; init; }

    public PeerKind PeerKind { get; init; }

    public uint PathId { get; init; }

    /// <summary>Null when withdrawn.</summary>
    public RouteAttributes? Attributes { get; init; }

    public uint? Label { get; init; }

    /// <summary>Only behind a first one.</summary>
    public uint? SecondLabel { get; init; }

    public bool IsBest { get; init; }

    public bool IsStale { get; init; }

    public string? ImportedFrom { get; init; }

    public void WriteJson(Utf8JsonWriter writer, in EventStamp stamp) => RouteJson.Write(writer, this, stamp);

    IStreamEvent IStreamRow.ToMessage(in EventStamp stamp) => ToMessage(stamp);

    /// <summary>The same row as a message.</summary>
    public RouteEvent ToMessage(in EventStamp stamp)
    {
        var message = new RouteEvent
        {
            Envelope = stamp.ToEnvelope(null),
            Change = Change,
            Table = Table ?? "",
            Family = Family ?? "",
            Prefix = OtherPrefix ?? Prefix.ToString(),
            RouteDistinguisher = RouteDistinguisher?.ToString() ?? "",
            Peer = Peer ?? "",
            PeerKind = PeerKind,
            PathId = PathId,
            Best = IsBest,
            Stale = IsStale,
            ImportedFrom = ImportedFrom ?? "",
        };
        Attributes?.Describe(message);
        if (Label is { } label)
        {
            message.Labels.Add(label);
        }

        if (SecondLabel is { } second)
        {
            message.Labels.Add(second);
        }

        return message;
    }
}
