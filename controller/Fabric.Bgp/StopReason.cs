using Fabric.Wire.Bgp;

namespace Fabric.Bgp;

/// <summary>Why a peer is stopped, as the far end hears it (RFC 4486).</summary>
public enum StopReason
{
    /// <summary>The operator has taken it down; the words go along (RFC 9003).</summary>
    AdministrativeShutdown = CeaseSubcode.AdministrativeShutdown,

    /// <summary>It is no longer configured.</summary>
    PeerDeconfigured = CeaseSubcode.PeerDeconfigured,

    /// <summary>The operator has it begin anew; the words go along (RFC 9003).</summary>
    AdministrativeReset = CeaseSubcode.AdministrativeReset,

    /// <summary>A setting has changed that only a new session takes up.</summary>
    OtherConfigurationChange = CeaseSubcode.OtherConfigurationChange,
}
