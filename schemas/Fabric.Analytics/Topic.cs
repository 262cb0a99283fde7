using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Fabric.Analytics;

/// <summary>A topic of the stream: what it carries, and what schemas/analytics/topics.json wants of a broker for it.</summary>
public sealed class Topic
{
    private static readonly Dictionary<string, JsonElement> Definitions = ReadDefinitions();

    public static Topic Flows { get; } = new("fabric.flows", FlowRecord.Descriptor);
    public static Topic Drops { get; } = new("fabric.drops", DropSample.Descriptor);
    public static Topic Routes { get; } = new("fabric.routes", RouteEvent.Descriptor);
    public static Topic Sessions { get; } = new("fabric.sessions", SessionEvent.Descriptor);
    public static Topic Objects { get; } = new("fabric.objects", ObjectState.Descriptor);
    public static Topic Alarms { get; } = new("fabric.alarms", Alarm.Descriptor);
    public static Topic Audit { get; } = new("fabric.audit", ApiChange.Descriptor);

    /// <summary>All topics, in the order of the file; <see cref="Index"/> is the place in this list.</summary>
    public static IReadOnlyList<Topic> All { get; } = [Flows, Drops, Routes, Sessions, Objects, Alarms, Audit];

    private Topic(string name, MessageDescriptor message)
    {
        var definition = Definitions[name];
        Name = name;
        Message = message;
        Partitions = definition.GetProperty("partitions").GetInt32();
        Config = definition.GetProperty("config").EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetString()!);
        Index = Definitions.Keys.ToList().IndexOf(name);
    }

    public string Name { get; }

    /// <summary>The name without "fabric.".</summary>
    public string ShortName => Name["fabric.".Length..];

    public int Index { get; }

    public MessageDescriptor Message { get; }

    public MessageParser Parser => Message.Parser;

    public int Partitions { get; }

    /// <summary>Kafka's settings of the topic: retention, compaction.</summary>
    public IReadOnlyDictionary<string, string> Config { get; }

    /// <summary>By its name, with or without "fabric."; null: there is none.</summary>
    public static Topic? Find(string name) => All.FirstOrDefault(topic => topic.Name == name || topic.ShortName == name);

    public override string ToString() => Name;

    private static Dictionary<string, JsonElement> ReadDefinitions()
    {
        using var resource = typeof(Topic).Assembly.GetManifestResourceStream("topics.json")!;
        using var document = JsonDocument.Parse(resource);
        return document
            .RootElement.GetProperty("topics")
            .EnumerateArray()
            .ToDictionary(topic => topic.GetProperty("name").GetString()!, topic => topic.Clone(), StringComparer.Ordinal);
    }
}
