using System.Net;
using System.Net.Sockets;
using Fabric.Runtime;

namespace Fabric.Transport.Polling;

/// <summary>What a listener's neighbours ask of TCP: the keys are the listening socket's, the rest is each accepted one's.</summary>
internal sealed class ListenerPeers(Socket socket)
{
    private readonly Dictionary<IPNetwork, PeerTcpOptions> _options = [];
    private bool _hasTtlSecurity;

    public void Set(IPNetwork peers, PeerTcpOptions? options)
    {
        if (peers.BaseAddress.AddressFamily != socket.AddressFamily)
        {
            // Nothing of the other family connects here.
            return;
        }

        var before = _options.GetValueOrDefault(peers);
        try
        {
            if (before?.Md5Key != options?.Md5Key)
            {
                PeerSocketOptions.SetMd5Key(socket, peers, options?.Md5Key);
            }

            if (options?.MinimumTtl is not null && !_hasTtlSecurity)
            {
                // The far end may drop an answer to its SYN that comes with less.
                PeerSocketOptions.SetTtl(socket, byte.MaxValue);
                _hasTtlSecurity = true;
            }
        }
        catch (SocketException exception)
        {
            throw new IOException($"Cannot set the TCP options of {peers}: {exception.Message}.", exception);
        }

        if (options is null)
        {
            _options.Remove(peers);
        }
        else
        {
            _options[peers] = options;
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
