using System.Net;
using Fabric.Runtime;

namespace Fabric.Transport.Polling;

/// <summary>
/// Which networks the kernel is given keys for. Of those around an address it takes the longest that has one, and knows none that is to have none:
/// a network with a key in which others have no key is cut into what is left of it.
/// <code>
///   10.0.0.0/30 with a key, 10.0.0.2 without --> 10.0.0.0/31, 10.0.0.3/32
/// </code>
/// </summary>
internal static class SignedNetworks
{
    public static Dictionary<IPNetwork, string> Of(IReadOnlyDictionary<IPNetwork, PeerTcpOptions> peers)
    {
        var keys = new Dictionary<IPNetwork, string>();

        // What is left of a longer one takes the place of the same network that is left of a shorter one.
        foreach (var (network, options) in peers.OrderBy(peer => peer.Key.PrefixLength))
        {
            if (options.Md5Key is { } key)
            {
                var unsigned = peers.Where(peer => peer.Value.Md5Key is null && Holds(network, peer.Key)).Select(peer => peer.Key).ToList();
                Add(network, unsigned, key, keys);
            }
        }

        return keys;
    }

    private static void Add(IPNetwork network, List<IPNetwork> unsigned, string key, Dictionary<IPNetwork, string> keys)
    {
        if (unsigned.Count == 0)
        {
            keys[network] = key;
        }
        else if (!unsigned.Contains(network))
        {
            foreach (var half in HalvesOf(network))
            {
                Add(half, unsigned.FindAll(hole => Holds(half, hole)), key, keys);
            }
        }
    }

    private static bool Holds(IPNetwork network, IPNetwork other) =>
        other.PrefixLength >= network.PrefixLength && network.Contains(other.BaseAddress);

    private static IPNetwork[] HalvesOf(IPNetwork network)
    {
        var (length, upper) = (network.PrefixLength, network.BaseAddress.GetAddressBytes());
        upper[length / 8] |= (byte)(0x80 >> (length % 8));
        return [new IPNetwork(network.BaseAddress, length + 1), new IPNetwork(new IPAddress(upper), length + 1)];
    }
}
