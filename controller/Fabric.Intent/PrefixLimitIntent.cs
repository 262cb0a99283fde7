using Fabric.Primitives;

namespace Fabric.Intent;

/// <summary>How many prefixes of a family a neighbour may advertise, and from what part of it on there is a warning.</summary>
public sealed record PrefixLimitIntent(AddressFamily Family, uint Limit, byte WarningPercent = PrefixLimitIntent.DefaultWarning)
{
    public const byte DefaultWarning = 75;
}
