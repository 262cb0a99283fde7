namespace Fabric.Intent;

/// <summary>
/// How long VPN routes wait for a neighbour's route target memberships (RFC 4684 section 6): for its End-of-RIB, or where it has no
/// graceful restart for so many seconds without another membership, and never longer than the limit.
/// </summary>
public sealed record MembershipWaitIntent(ushort Limit = 30, ushort Quiet = 1);
