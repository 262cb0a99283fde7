using Fabric.Analytics;
using Fabric.Streaming.Journal;
using Fabric.Streaming.Kafka;
using Microsoft.Win32.SafeHandles;

namespace Fabric.Streaming;

/// <summary>How a program's stream is kept.</summary>
public sealed record StreamOptions
{
    private static readonly JournalLimits Rare = new(256L * 1024 * 1024, TimeSpan.FromDays(7), IsSynchronous: true);
    private static readonly JournalLimits Frequent = new(1024L * 1024 * 1024, TimeSpan.FromDays(1), IsSynchronous: false);

    /// <summary>The name that rows carry as their source.</summary>
    public required string Node { get; init; }

    public required SourceKind Kind { get; init; }

    /// <summary>Where the journal is; one process at a time.</summary>
    public required string Folder { get; init; }

    /// <summary>Protobuf in place of JSON, in the journal and towards the broker.</summary>
    public bool IsProtobuf { get; init; }

    /// <summary>Rows of topics other than flows and routes that may wait for the loop that writes them.</summary>
    public int MailboxCapacity { get; init; } = 16_384;

    /// <summary>Flow rows that may wait: a third of a second of 200,000 a second.</summary>
    public int FlowCapacity { get; init; } = 65_536;

    /// <summary>Rows of routes that may wait; what more there is waits in the tables, where it coalesces.</summary>
    public int RouteCapacity { get; init; } = 4096;

    /// <summary>Of a control node: which of its routes become rows.</summary>
    public PublishedRoutes Routes { get; init; } = PublishedRoutes.All;

    /// <summary>Readers over HTTP at a time.</summary>
    public int MaxFollowers { get; init; } = 16;

    /// <summary>Null: the journal is all there is.</summary>
    public KafkaOptions? Kafka { get; init; }

    /// <summary>Topics with limits other than the usual ones.</summary>
    public IReadOnlyDictionary<Topic, JournalLimits> Limits { get; init; } = new Dictionary<Topic, JournalLimits>();

    /// <summary>How rows are made to survive the machine; a disk of a test's own is slow when the test says so.</summary>
    internal Action<SafeFileHandle> ForceToDisk { get; init; } = RandomAccess.FlushToDisk;

    public JournalLimits LimitsOf(Topic topic) => Limits.TryGetValue(topic, out var limits) ? limits : DefaultLimits(topic);

    /// <summary>Flows, drops and routes come by the million, and are not forced to disk.</summary>
    public static JournalLimits DefaultLimits(Topic topic) =>
        topic == Topic.Flows || topic == Topic.Drops || topic == Topic.Routes ? Frequent : Rare;
}
