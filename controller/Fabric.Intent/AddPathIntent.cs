using Fabric.Primitives;

namespace Fabric.Intent;

/// <summary>Several paths of the routes of a family (RFC 7911), each way where the neighbour wants it too.</summary>
/// <param name="Receives">Several are taken from it.</param>
/// <param name="SentPaths">So many of a route it is sent at most, the best that it may have; 0: the best alone, without an identifier.</param>
public readonly record struct AddPathIntent(AddressFamily Family, bool Receives, ushort SentPaths)
{
    /// <summary>All feasible paths.</summary>
    public const ushort AllPaths = ushort.MaxValue;

    /// <summary>Above this a limit is none.</summary>
    public const ushort MaxLimit = 255;

    public bool Sends => SentPaths > 0;
}
