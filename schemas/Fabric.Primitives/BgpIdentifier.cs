namespace Fabric.Primitives;

/// <summary>A BGP Identifier (RFC 4271 section 4.2, RFC 6286): four octets, unique in an AS, not zero; written as an IPv4 address.</summary>
public readonly record struct BgpIdentifier(uint Value) : IComparable<BgpIdentifier>
{
    public static BgpIdentifier Parse(string text)
    {
        var address = IpAddress.Parse(text);
        return address.IsIpv4 ? new BgpIdentifier(address.Ipv4) : throw new FormatException($"'{text}' is not a BGP Identifier.");
    }

    public int CompareTo(BgpIdentifier other) => Value.CompareTo(other.Value);

    public static bool operator <(BgpIdentifier left, BgpIdentifier right) => left.Value < right.Value;

    public static bool operator >(BgpIdentifier left, BgpIdentifier right) => left.Value > right.Value;

    public static bool operator <=(BgpIdentifier left, BgpIdentifier right) => left.Value <= right.Value;

    public static bool operator >=(BgpIdentifier left, BgpIdentifier right) => left.Value >= right.Value;

    public override string ToString() => IpAddress.FromIpv4(Value).ToString();
}
