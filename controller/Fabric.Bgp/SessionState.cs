namespace Fabric.Bgp;

/// <summary>States of RFC 4271 section 8.2.2, in the order in which a session reaches them.</summary>
public enum SessionState
{
    Idle,
    Active,
    Connect,
    OpenSent,
    OpenConfirm,
    Established,
}
