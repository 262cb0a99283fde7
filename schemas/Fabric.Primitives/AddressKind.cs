namespace Fabric.Primitives;

/// <summary>The version of an IP address or prefix.</summary>
public enum AddressKind : byte
{
    Ipv4 = 4,
    Ipv6 = 6,
}
