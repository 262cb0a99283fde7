using Fabric.Agent.Core.Config;
using Fabric.Agent.Core.Ports;
using Fabric.Model.AgentView;
using Fabric.Model.Datapath;
using Fabric.Primitives;
using Google.Protobuf;

namespace Fabric.Agent.Core.Compilation;

/// <summary>An active port as the data plane's virtual interface, with what DHCP tells its VM.</summary>
public static class Vifs
{
    public static VifEntry Compile(ActivePort port, uint nextHop, ConfigView config, AgentSettings settings)
    {
        Span<byte> mac = stackalloc byte[6];
        port.Config.MacAddress.Write(mac);
        var addresses = port.Config.Addresses.Where(address => address.IsIpv4).ToList();
        var vif = new VifEntry
        {
            Id = port.VifId,
            Device = port.Port.Device,
            Vrf = port.VrfId,
            Mac = ByteString.CopyFrom(mac),
            PortId = port.Port.Id,
            Network = port.Network.Name,
            NextHop = nextHop,
            Dhcp = addresses.Select(address => Dhcp(address, port, settings)).FirstOrDefault(dhcp => dhcp is not null),
        };
        vif.Addresses.AddRange(addresses.Select(address => address.Ipv4));
        vif.SecurityGroups.AddRange(SecurityGroups.ListsOf(port.Config, config));
        return vif;
    }

    /// <summary>What DHCP answers for the address; null where its subnet does not want that, or is not known.</summary>
    private static DhcpConfig? Dhcp(IpAddress address, ActivePort port, AgentSettings settings)
    {
        var subnet = port.Network.Subnets.Where(subnet => subnet.Prefix.Contains(address)).MaxBy(subnet => subnet.Prefix.Length);
        if (subnet is not { DhcpEnabled: true })
        {
            return null;
        }

        var dhcp = new DhcpConfig
        {
            Address = address.Ipv4,
            PrefixLength = subnet.Prefix.Length,
            Gateway = Number(subnet.Gateway),
            Server = subnet.ServiceAddress.IsIpv4 ? subnet.ServiceAddress.Ipv4 : Number(subnet.Gateway),
            DomainName = subnet.DomainName ?? "",
            HostName = port.Config.DisplayName,
            Mtu = (uint)(port.Network.Mtu ?? settings.VmMtu),
            LeaseSeconds = uint.MaxValue,
        };
        dhcp.DnsServers.AddRange(subnet.DnsServers.Where(server => server.IsIpv4).Select(server => server.Ipv4));
        dhcp.Routes.AddRange(subnet.HostRoutes.Where(route => route.Prefix.Address.IsIpv4).Select(Compile));
        return dhcp;
    }

    private static HostRoute Compile(AgentHostRoute route) =>
        new()
        {
            Prefix = route.Prefix.Address.Ipv4,
            Length = route.Prefix.Length,
            NextHop = Number(route.NextHop),
        };

    private static uint Number(IpAddress address) => address.IsIpv4 ? address.Ipv4 : 0;
}
