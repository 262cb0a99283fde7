namespace Fabric.Wire.Mrt;

/// <summary>The states of RFC 4271 section 8.2.2 by their numbers in a state change (RFC 6396 section 4.4.1).</summary>
public enum MrtSessionState : ushort
{
    Idle = 1,
    Connect = 2,
    Active = 3,
    OpenSent = 4,
    OpenConfirm = 5,
    Established = 6,
}
