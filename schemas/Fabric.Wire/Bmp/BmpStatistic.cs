using Fabric.Primitives;

namespace Fabric.Wire.Bmp;

/// <summary>
/// A statistic (RFC 7854 section 4.8, RFC 8671 section 6.2): a counter of four octets, a gauge of eight, or a gauge of one family.
/// <code>
/// | type (2) | length (2) | value (4 or 8) |
/// | type (2) | 11 (2) | AFI (2) | SAFI (1) | value (8) |
/// </code>
/// </summary>
public readonly record struct BmpStatistic
{
    private const ushort RejectedType = 0;
    private const ushort AdjRibInType = 7;
    private const ushort LocRibType = 8;
    private const ushort AdjRibInOfFamilyType = 9;
    private const ushort LocRibOfFamilyType = 10;
    private const ushort AdjRibOutPostPolicyType = 15;
    private const ushort AdjRibOutOfFamilyPostPolicyType = 17;

    private BmpStatistic(ushort type, ulong value, AddressFamily? family = null, bool isCounter = false)
    {
        Type = type;
        Value = value;
        Family = family;
        IsCounter = isCounter;
    }

    public ushort Type { get; }

    public ulong Value { get; }

    public AddressFamily? Family { get; }

    public bool IsCounter { get; }

    internal int ValueBytes =>
        IsCounter ? sizeof(uint)
        : Family is null ? sizeof(ulong)
        : 3 + sizeof(ulong);

    /// <summary>Prefixes that an inbound rule or policy rejects.</summary>
    public static BmpStatistic Rejected(uint prefixes) => new(RejectedType, prefixes, isCounter: true);

    public static BmpStatistic AdjRibIn(ulong routes) => new(AdjRibInType, routes);

    public static BmpStatistic AdjRibIn(AddressFamily family, ulong routes) => new(AdjRibInOfFamilyType, routes, family);

    public static BmpStatistic LocRib(ulong routes) => new(LocRibType, routes);

    public static BmpStatistic LocRib(AddressFamily family, ulong routes) => new(LocRibOfFamilyType, routes, family);

    public static BmpStatistic AdjRibOut(ulong routes) => new(AdjRibOutPostPolicyType, routes);

    public static BmpStatistic AdjRibOut(AddressFamily family, ulong routes) => new(AdjRibOutOfFamilyPostPolicyType, routes, family);
}
