using System.Runtime.InteropServices;

namespace Fabric.Routing;

/// <summary>What the bits of a key stand for; zero marks a free slot. Those of EVPN routes are made by <see cref="RouteKinds"/>.</summary>
internal enum RouteKind : byte
{
    Free = 0,
    Ipv4 = 4,
    Ipv6 = 6,
    Membership = 132,
}

/// <summary>
/// One route of a table in 32 bytes: its key and the head of its paths. The paths stand in order of preference, so that the head is
/// the best path if it is feasible. A route without paths stays as long as a receiver has to be told.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Route
{
    public const int None = -1;

    public ulong Rd;
    public ulong High;
    public ulong Low;

    /// <summary>The first path; in a free slot, the next free slot.</summary>
    public int FirstPath;
    public byte Length;
    public RouteKind Kind;
}
