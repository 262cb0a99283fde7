using Fabric.Primitives;

namespace Fabric.Model.Config;

/// <summary>
/// The keys of a neighbour that both its object and the options file of the control node have, by the same names; docs/configuration.md says what each
/// does. Null: the default. Where the file has a mapping of families, the object has a list of items with a family.
/// </summary>
public abstract record BgpNeighborKeys(string Name) : ConfigObject(Name)
{
    public EquatableArray<AddPathKeys> AddPath { get; init; }

    public EquatableArray<AddressFamily> ExtendedNextHops { get; init; }

    public ushort? MinHoldTime { get; init; }

    public ushort? ConnectRetry { get; init; }

    public LocalAsKeys? LocalAs { get; init; }

    public BgpRole? Role { get; init; }

    public bool? RoleStrict { get; init; }

    public GracefulRestartKeys? GracefulRestart { get; init; }

    public EquatableArray<PrefixLimitKeys> MaxPrefixes { get; init; }

    public ushort? MaxPrefixesRestart { get; init; }

    public MembershipWaitKeys? MembershipWait { get; init; }

    /// <summary>Where absent, the one that the object had stays; an empty one takes it away.</summary>
    public Secret? Password { get; init; }

    public byte? TtlSecurity { get; init; }

    public byte? Ttl { get; init; }

    /// <summary>Names of policies of the options file.</summary>
    public EquatableArray<string> ImportPolicy { get; init; }

    /// <summary>Names of policies of the options file.</summary>
    public EquatableArray<string> ExportPolicy { get; init; }

    public bool? RequiresPolicy { get; init; }

    public NextHopRule? NextHop { get; init; }

    public bool? AsOverride { get; init; }

    public byte? AllowOwnAs { get; init; }

    public PrivateAsRemoval? PrivateAs { get; init; }

    /// <summary>All kinds where it is empty, too.</summary>
    public EquatableArray<CommunityKinds> SendCommunities { get; init; }

    public TunnelEncapsulationRule? TunnelEncapsulation { get; init; }

    public bool? EnforceFirstAs { get; init; }

    public ushort? MaxAsPath { get; init; }

    public GracefulShutdownKeys? GracefulShutdown { get; init; }

    public bool? PassMed { get; init; }

    public bool? SenderLoopCheck { get; init; }
}

/// <param name="Send">"all", "none", or a number of paths from 1 to 255.</param>
public sealed record AddPathKeys(AddressFamily Family, bool Receive = false, string Send = "none");

/// <param name="Number">The AS that the neighbour sees.</param>
public sealed record LocalAsKeys(uint Number, bool NoPrepend = false, bool ReplaceAs = false);

/// <summary>In seconds.</summary>
/// <param name="Time">The global setting where absent; 0: off.</param>
public sealed record GracefulRestartKeys(ushort? Time = null, ushort? HelperLimit = null, LongLivedKeys? LongLived = null);

/// <summary>In seconds.</summary>
public sealed record LongLivedKeys(
    uint? StaleTime = null,
    uint? HelperLimit = null,
    EquatableArray<FamilyStaleTimeKeys> Families = default
);

/// <summary>In seconds.</summary>
public sealed record FamilyStaleTimeKeys(AddressFamily Family, uint StaleTime);

/// <param name="Warning">Percentage from which on the log says so.</param>
public sealed record PrefixLimitKeys(AddressFamily Family, uint Limit, byte? Warning = null);

/// <summary>In seconds.</summary>
public sealed record MembershipWaitKeys(ushort? Limit = null, ushort? Quiet = null);

public sealed record GracefulShutdownKeys(bool? Honor = null, bool? Announce = null);
