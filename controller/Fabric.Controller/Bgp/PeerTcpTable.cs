using System.Net;
using Fabric.Controller.Options;
using Fabric.Intent;
using Fabric.Primitives;
using Fabric.Runtime;

namespace Fabric.Controller.Bgp;

/// <summary>
/// Owned by the routing loop: what the listener asks of connections from neighbours and dynamic prefixes, their passwords first. The
/// kernel then drops what is not signed, before anybody hears of it.
/// </summary>
/// <param name="refused">Hears what the system does not take, and why.</param>
internal sealed class PeerTcpTable(Action<string, string> refused)
{
    private readonly Dictionary<IPNetwork, TcpIntent> _ranges = [];

    // Neighbours that change addresses with each other come to the other's before that has left it.
    private readonly Dictionary<IpAddress, string> _owners = [];
    private IListener? _listener;

    /// <summary>What connections to and from a neighbour are opened with; null: nothing.</summary>
    public static PeerTcpOptions? OptionsOf(TcpIntent tcp)
    {
        var options = new PeerTcpOptions { Md5Key = tcp.Password, Ttl = tcp.Ttl };
        return tcp.SecurityHops is { } hops ? options.WithTtlSecurity(hops)
            : tcp is { Password: null, Ttl: null } ? null
            : options;
    }

    public void Start(IListener listener) => _listener = listener;

    /// <summary>False where the system refuses: then nobody may come in, since it would be unsigned.</summary>
    public bool TrySet(BgpNeighborIntent neighbor)
    {
        _owners[neighbor.Address] = neighbor.Name;
        return TrySet(
            neighbor.Name,
            new IPNetwork(neighbor.Address.ToIPAddress(), neighbor.Address.IsIpv4 ? 32 : 128),
            neighbor.Settings.Tcp
        );
    }

    public void Remove(BgpNeighborIntent neighbor)
    {
        if (_owners.GetValueOrDefault(neighbor.Address) == neighbor.Name)
        {
            _owners.Remove(neighbor.Address);
            _listener!.SetPeerOptions(neighbor.Address.ToIPAddress(), null);
        }
    }

    /// <summary>Takes the place of the former prefixes, and gives those that the system takes.</summary>
    public EquatableArray<DynamicNeighborOptions> Replace(EquatableArray<DynamicNeighborOptions> ranges)
    {
        var wanted = ranges.Select(range => NetworkOf(range.Prefix)).ToHashSet();
        foreach (var network in _ranges.Keys.Where(network => !wanted.Contains(network)).ToList())
        {
            _ranges.Remove(network);
            _listener!.SetPeerOptions(network, null);
        }

        return [.. ranges.Where(TrySet)];
    }

    private bool TrySet(DynamicNeighborOptions range)
    {
        var network = NetworkOf(range.Prefix);
        var isSet =
            _ranges.GetValueOrDefault(network) == range.Settings.Tcp || TrySet($"prefix {range.Prefix}", network, range.Settings.Tcp);
        if (isSet)
        {
            _ranges[network] = range.Settings.Tcp;
        }

        return isSet;
    }

    // Who asks for nothing says so, since a prefix around it may ask for something.
    private bool TrySet(string name, IPNetwork network, TcpIntent tcp)
    {
        try
        {
            _listener!.SetPeerOptions(network, OptionsOf(tcp) ?? PeerTcpOptions.None);
            return true;
        }
        catch (Exception exception) when (exception is IOException or NotSupportedException)
        {
            refused(name, exception.Message);
            return false;
        }
    }

    private static IPNetwork NetworkOf(IpPrefix prefix) => new(prefix.Address.ToIPAddress(), prefix.Length);
}
