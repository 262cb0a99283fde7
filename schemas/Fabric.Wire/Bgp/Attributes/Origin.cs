namespace Fabric.Wire.Bgp;

/// <summary>ORIGIN (RFC 4271 section 5.1.1); a lower value is preferred.</summary>
public enum Origin : byte
{
    Igp = 0,
    Egp = 1,
    Incomplete = 2,
}
