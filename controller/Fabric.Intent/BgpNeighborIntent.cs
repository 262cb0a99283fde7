using Fabric.Primitives;

namespace Fabric.Intent;

/// <summary>A BGP neighbour with every default filled in.</summary>
/// <param name="Description">For people; no part of the session.</param>
public sealed record BgpNeighborIntent(string Name, IpAddress Address, BgpNeighborSettings Settings, string? Description = null)
{
    /// <summary>Whether a running session need not end for the other to hold.</summary>
    public bool IsSameSession(BgpNeighborIntent other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Name == other.Name && Address == other.Address && Settings.IsSameSession(other.Settings);
    }

    /// <summary>Whether what the neighbour has said may be kept over to a session under the other: it is who it was, and all of that is still wanted.</summary>
    public bool IsSameSpeaker(BgpNeighborIntent other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Name == other.Name
            && Address == other.Address
            && Settings.AsNumber == other.Settings.AsNumber
            && Settings.LocalAsNumber == other.Settings.LocalAsNumber
            && !Settings.AdminDown
            && !other.Settings.AdminDown
            && Settings.Families.All(other.Settings.Families.Contains);
    }
}
