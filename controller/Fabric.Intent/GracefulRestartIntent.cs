using Fabric.Primitives;

namespace Fabric.Intent;

/// <summary>Graceful restart with a neighbour (RFC 4724), in seconds.</summary>
/// <param name="Time">How long it is asked to keep our routes; 0: no graceful restart.</param>
/// <param name="HelperLimit">How long its routes are kept at most, whatever it asks for.</param>
/// <param name="LongLived">What follows after that (RFC 9494); null: nothing.</param>
public sealed record GracefulRestartIntent(ushort Time = 120, ushort HelperLimit = 300, LongLivedIntent? LongLived = null);

/// <summary>Long-lived graceful restart, in seconds of 24 bits.</summary>
/// <param name="StaleTime">How long it is asked to keep our routes after the restart time.</param>
/// <param name="HelperLimit">How long its routes are kept as long-lived stale at most, whatever it asks for.</param>
public sealed record LongLivedIntent(uint StaleTime = LongLivedIntent.DefaultTime, uint HelperLimit = LongLivedIntent.DefaultTime)
{
    public const uint DefaultTime = 86_400;

    public const uint MaxTime = (1 << 24) - 1;

    /// <summary>Families with a stale time of their own, in the order of families.</summary>
    public EquatableArray<FamilyStaleTime> Families { get; init; } = [];
}

/// <summary>In seconds.</summary>
public readonly record struct FamilyStaleTime(AddressFamily Family, uint StaleTime);
