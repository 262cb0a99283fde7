namespace Fabric.Routing;

/// <summary>What became of a subscription.</summary>
public enum SubscribeOutcome : byte
{
    Subscribed,

    /// <summary>The VRF is not configured yet; the subscription completes when it is.</summary>
    Pending,

    /// <summary>The agent has it already: a violation of the protocol.</summary>
    Duplicate,
}
