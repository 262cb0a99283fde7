using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>AGGREGATOR (RFC 4271 section 5.1.7) with a four-octet AS number.</summary>
public sealed record Aggregator(AsNumber AsNumber, IpAddress Address);

/// <summary>A large community (RFC 8092): three four-octet numbers.</summary>
public readonly record struct LargeCommunity(uint GlobalAdministrator, uint LocalData1, uint LocalData2) : IComparable<LargeCommunity>
{
    public int CompareTo(LargeCommunity other) =>
        (GlobalAdministrator, LocalData1, LocalData2).CompareTo((other.GlobalAdministrator, other.LocalData1, other.LocalData2));

    public static bool operator <(LargeCommunity left, LargeCommunity right) => left.CompareTo(right) < 0;

    public static bool operator >(LargeCommunity left, LargeCommunity right) => left.CompareTo(right) > 0;

    public static bool operator <=(LargeCommunity left, LargeCommunity right) => left.CompareTo(right) <= 0;

    public static bool operator >=(LargeCommunity left, LargeCommunity right) => left.CompareTo(right) >= 0;

    public override string ToString() => $"{GlobalAdministrator}:{LocalData1}:{LocalData2}";
}

/// <summary>PMSI_TUNNEL (RFC 6514 section 5): flags, tunnel type, the three label octets as a number, and the identifier's bytes.</summary>
public sealed record PmsiTunnel(byte Flags, byte TunnelType, uint LabelField, EquatableArray<byte> Identifier);

/// <summary>An optional transitive attribute that is passed on unread.</summary>
public sealed record UnknownAttribute(byte Flags, byte Type, EquatableArray<byte> Value);
