using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>What a malformed UPDATE leads to (RFC 7606 section 2), from the mildest; the most severe in a message wins.</summary>
public enum AttributeFault
{
    /// <summary>The attribute is left out, the routes are taken.</summary>
    Discard = 1,

    /// <summary>The routes of the message count as withdrawn.</summary>
    TreatAsWithdraw,

    /// <summary>All routes of the family go, and later ones in this session are not taken; other families' of the message count as withdrawn.</summary>
    DisableFamily,

    /// <summary>The stream of routes cannot be followed; the session ends.</summary>
    ResetSession,
}

/// <summary>
/// The most severe fault of a message, for the log and the session. <see cref="AttributeCode"/> is 0 when no attribute is at fault,
/// <see cref="Family"/> is set for DisableFamily, and <see cref="Notification"/> for ResetSession.
/// </summary>
public sealed record UpdateFault(
    AttributeFault Fault,
    byte AttributeCode,
    string Reason,
    AddressFamily? Family = null,
    NotificationMessage? Notification = null
)
{
    /// <summary>The more severe of two faults; the first one found among equals.</summary>
    public static UpdateFault? Worse(UpdateFault? first, UpdateFault? second) =>
        first is null || second?.Fault > first.Fault ? second : first;

    public override string ToString() => AttributeCode == 0 ? Reason : $"{(AttributeType)AttributeCode}: {Reason}";

    internal static UpdateFault Of(AttributeFault fault, AttributeType type, string reason) => new(fault, (byte)type, reason);

    internal static UpdateFault Reset(byte type, string reason, UpdateErrorSubcode subcode) =>
        new(AttributeFault.ResetSession, type, reason, null, NotificationMessage.UpdateError(subcode));
}
