namespace Fabric.Routing;

/// <summary>What became of a subscription.</summary>
public enum SubscribeOutcome : byte
{
    Subscribed,

    /// <summary>The VRF is not configured yet; the subscription completes when it is.</summary>
    Pending,

    /// <summary>The agent may not be in the VRF yet; the subscription completes when it is admitted.</summary>
    Waiting,

    /// <summary>The agent has it already: a violation of the protocol.</summary>
    Duplicate,
}
