using System.Diagnostics.CodeAnalysis;
using Fabric.Controller.Options;
using Fabric.Intent;
using Fabric.Primitives;

namespace Fabric.Controller.Bgp;

/// <summary>Speakers that connect from a prefix of the options; each is a neighbour as long as it has a session or routes that are kept for it.</summary>
internal sealed class DynamicNeighbors(ControlNodeOptions options)
{
    private const string NamePrefix = "dynamic/";
    private const int MaxNeighbors = 256;

    private readonly DynamicNeighborOptions[] _longestFirst = [.. options.DynamicNeighbors.OrderByDescending(range => range.Prefix.Length)];

    /// <summary>No object can have such a name.</summary>
    public static bool IsDynamic(BgpNeighborIntent intent) => intent.Name.StartsWith(NamePrefix, StringComparison.Ordinal);

    public bool TryCreate(IpAddress address, int existing, [NotNullWhen(true)] out BgpNeighborIntent? intent)
    {
        intent = null;
        if (existing >= MaxNeighbors || Array.Find(_longestFirst, range => range.Prefix.Contains(address)) is not { } range)
        {
            return false;
        }

        intent = new BgpNeighborIntent(
            NamePrefix + address,
            address,
            Port: (ushort)options.BgpPort,
            range.As,
            options.As,
            RouterId: null,
            range.Families,
            Passive: true,
            HoldTime: 90,
            RouteReflectorClient: false,
            GracefulRestartTime: (int)options.RestartTime.TotalSeconds,
            Description: $"connected from {range.Prefix}",
            AdminDown: false,
            ShutdownMessage: null
        );
        return true;
    }
}
