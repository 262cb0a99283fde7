using Fabric.Primitives;

namespace Fabric.Intent;

/// <summary>What is done with a neighbour's routes on their way in and out. None of it is said in the session, so it can change while one goes on.</summary>
public sealed record BgpRouteRules
{
    public NextHopRule NextHop { get; init; }

    /// <summary>Its own AS in a path to it is replaced by the fabric's ("as-override").</summary>
    public bool OverridesAs { get; init; }

    /// <summary>How often the fabric's AS may occur in a path from it.</summary>
    public byte AllowedOwnAs { get; init; }

    public PrivateAsRemoval PrivateAsRemoval { get; init; }

    public CommunityKinds SentCommunities { get; init; } = CommunityKinds.All;

    /// <summary>Paths from an external neighbour begin with its AS.</summary>
    public bool EnforcesFirstAs { get; init; } = true;

    /// <summary>Longer paths from it are not taken.</summary>
    public ushort? MaxAsPathLength { get; init; }

    /// <summary>The community GRACEFUL_SHUTDOWN from an external neighbour is heeded (RFC 8326).</summary>
    public bool HonorsGracefulShutdown { get; init; } = true;

    /// <summary>What it is sent says that the session is about to end (RFC 8326).</summary>
    public bool IsShuttingDownGracefully { get; init; }

    /// <summary>Whether tunnel encapsulations are taken from it and told to it.</summary>
    public TunnelEncapsulationRule TunnelEncapsulation { get; init; }

    /// <summary>An external neighbour is told the MED of other ASes too.</summary>
    public bool PassesMultiExitDisc { get; init; }

    /// <summary>A path that contains its AS is not sent to it.</summary>
    public bool ChecksLoopsOnSending { get; init; }

    /// <summary>
    /// Without policies nothing is taken from and sent to an external neighbour (RFC 8212). Null: so where it speaks a family without route
    /// targets, which say by themselves what goes where.
    /// </summary>
    public bool? RequiresPolicy { get; init; }

    /// <summary>Names of policies, asked in this order.</summary>
    public EquatableArray<string> ImportPolicies { get; init; } = [];

    /// <summary>Names of policies, asked in this order.</summary>
    public EquatableArray<string> ExportPolicies { get; init; } = [];
}
