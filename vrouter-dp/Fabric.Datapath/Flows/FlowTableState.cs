using Fabric.Datapath.Shared;

namespace Fabric.Datapath;

/// <summary>What the workers' views of the flow table have in common beside its memory. It is in the care of the table's lock.</summary>
internal sealed class FlowTableState(SharedMemory memory)
{
    /// <summary>What is remembered of the kinds of connections that came lately; newer ones in the place of older.</summary>
    public const int KindsRemembered = 4096;

    public RuleNames Rules { get; } = new();

    public StatelessLengths StatelessLengths { get; } = new(memory);

    /// <summary>Hashes of the wide keys of connections, by <see cref="WideFlows"/>.</summary>
    public uint[] Kinds { get; } = new uint[KindsRemembered];

    /// <summary>Hears of sessions that end; null while nobody wants records.</summary>
    public FlowRecorder? Recorder { get; set; }
}
