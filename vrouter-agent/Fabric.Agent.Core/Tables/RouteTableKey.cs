using Fabric.Model.Datapath;
using Fabric.Primitives;

namespace Fabric.Agent.Core.Tables;

public readonly record struct RouteTableKey(uint Vrf, IpPrefix Prefix)
{
    public RouteKey ToMessage() =>
        new()
        {
            Vrf = Vrf,
            Prefix = Prefix.Address.Ipv4,
            Length = Prefix.Length,
        };
}
