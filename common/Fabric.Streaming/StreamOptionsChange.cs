using Fabric.Analytics;
using Fabric.Streaming.Kafka;

namespace Fabric.Streaming;

/// <summary>What differs between two readings of the section "stream", by the names of its keys alone: settings of Kafka may be secrets.</summary>
public static class StreamOptionsChange
{
    public static IEnumerable<string> ChangedKeys(this StreamOptions running, StreamOptions next)
    {
        (string Key, bool IsSame)[] keys =
        [
            ("folder", running.Folder == next.Folder),
            ("format", running.IsProtobuf == next.IsProtobuf),
            ("followers", running.MaxFollowers == next.MaxFollowers),
            ("routes", running.Routes == next.Routes),
            ("topics", Topic.All.All(topic => running.LimitsOf(topic) == next.LimitsOf(topic))),
        ];
        return keys.Where(key => !key.IsSame).Select(key => key.Key).Concat(ChangedKeys(running.Kafka, next.Kafka));
    }

    private static IEnumerable<string> ChangedKeys(KafkaOptions? running, KafkaOptions? next)
    {
        if (running is null || next is null)
        {
            return ReferenceEquals(running, next) ? [] : ["kafka"];
        }

        (string Key, bool IsSame)[] keys =
        [
            ("kafka.servers", running.Servers.SequenceEqual(next.Servers)),
            ("kafka.compression", running.Compression == next.Compression),
            ("kafka.max-rate", running.MaxRate == next.MaxRate),
            ("kafka.settings", AreSame(running.Settings, next.Settings)),
        ];
        return keys.Where(key => !key.IsSame).Select(key => key.Key);
    }

    private static bool AreSame(IReadOnlyDictionary<string, string> one, IReadOnlyDictionary<string, string> other) =>
        one.Count == other.Count && one.All(setting => other.TryGetValue(setting.Key, out var value) && value == setting.Value);
}
