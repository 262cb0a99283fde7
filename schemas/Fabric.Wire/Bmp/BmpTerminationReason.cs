namespace Fabric.Wire.Bmp;

/// <summary>Why this speaker ends a BMP connection (RFC 7854 section 4.5).</summary>
public enum BmpTerminationReason : byte
{
    AdministrativelyClosed = 0,
    Unspecified = 1,

    /// <summary>The station does not keep up.</summary>
    OutOfResources = 2,
}
