using Fabric.Model.Config;
using Fabric.Primitives;

namespace Fabric.Config.Allocation;

/// <summary>The addresses of a subnet that ports may have: all but the network's, the broadcast, the gateway and the service address.</summary>
internal static class AddressPool
{
    public static IpAddress FirstHost(IpPrefix prefix) => IpAddress.FromIpv4(prefix.Address.Ipv4 + 1);

    public static IpAddress Broadcast(IpPrefix prefix) => IpAddress.FromIpv4(prefix.Address.Ipv4 | ~IpPrefix.MaskIpv4(prefix.Length));

    /// <summary>Whether an address is in the prefix and names a host of it.</summary>
    public static bool IsHost(IpPrefix prefix, IpAddress address) =>
        prefix.Contains(address) && address != prefix.Address && address != Broadcast(prefix);

    public static bool IsReserved(Subnet subnet, IpAddress address) => address == subnet.Gateway || address == subnet.ServiceAddress;

    /// <summary>The addresses that ports may have, from the lowest on.</summary>
    public static IEnumerable<IpAddress> Hosts(Subnet subnet)
    {
        if (!subnet.Prefix.Address.IsIpv4)
        {
            yield break;
        }

        var last = Broadcast(subnet.Prefix);
        for (var address = FirstHost(subnet.Prefix); address < last; address = IpAddress.FromIpv4(address.Ipv4 + 1))
        {
            if (!IsReserved(subnet, address))
            {
                yield return address;
            }
        }
    }
}
