using System.Net;
using System.Net.Sockets;
using Fabric.Runtime;

namespace Fabric.Transport.Polling;

/// <summary>What a listener's neighbours ask of TCP: the keys are the listening socket's, the rest is each accepted one's.</summary>
internal sealed class ListenerPeers(Socket socket)
{
    private readonly Dictionary<IPNetwork, PeerTcpOptions> _options = [];
    private readonly Dictionary<IPNetwork, string> _keys = [];
    private bool _hasTtlSecurity;

    public void Set(IPNetwork peers, PeerTcpOptions? options)
    {
        if (peers.BaseAddress.AddressFamily != socket.AddressFamily)
        {
            // Nothing of the other family connects here.
            return;
        }

        var before = _options.GetValueOrDefault(peers);
        Remember(peers, options);
        try
        {
            SetKeys();
            if (options?.MinimumTtl is not null && !_hasTtlSecurity)
            {
                // The far end may drop an answer to its SYN that comes with less.
                PeerSocketOptions.SetTtl(socket, byte.MaxValue);
                _hasTtlSecurity = true;
            }
        }
        catch (SocketException exception)
        {
            Remember(peers, before);
            throw new IOException($"Cannot set the TCP options of {peers}: {exception.Message}.", exception);
        }
    }

    public void Apply(Socket accepted, IPAddress remote)
    {
        var options = Find(remote);
        if (options?.Ttl is not null || _hasTtlSecurity)
        {
            PeerSocketOptions.SetTtl(accepted, options?.Ttl ?? PeerSocketOptions.SystemTtl);
        }

        if (options?.MinimumTtl is { } minimum)
        {
            PeerSocketOptions.SetMinimumTtl(accepted, minimum);
        }
    }

    private void Remember(IPNetwork peers, PeerTcpOptions? options)
    {
        if (options is null)
        {
            _options.Remove(peers);
        }
        else
        {
            _options[peers] = options;
        }
    }

    // New keys come before others go, so that at no time somebody comes in unsigned who is to sign.
    private void SetKeys()
    {
        var wanted = SignedNetworks.Of(_options);
        foreach (var (network, key) in wanted.Where(one => _keys.GetValueOrDefault(one.Key) != one.Value))
        {
            PeerSocketOptions.SetMd5Key(socket, network, key);
            _keys[network] = key;
        }

        foreach (var network in _keys.Keys.Where(network => !wanted.ContainsKey(network)).ToList())
        {
            PeerSocketOptions.SetMd5Key(socket, network, null);
            _keys.Remove(network);
        }
    }

    private PeerTcpOptions? Find(IPAddress remote)
    {
        PeerTcpOptions? found = null;
        var length = -1;
        foreach (var (peers, options) in _options)
        {
            if (peers.PrefixLength > length && peers.Contains(remote))
            {
                (found, length) = (options, peers.PrefixLength);
            }
        }

        return found;
    }
}
