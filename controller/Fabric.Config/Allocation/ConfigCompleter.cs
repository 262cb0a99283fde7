using Fabric.Model.Config;
using Fabric.Primitives;

namespace Fabric.Config.Allocation;

/// <summary>
/// Fills in what a request left open: numbers from sequences, addresses from subnets, identifiers from the host. A value that an
/// object already has stays; what depends on a missing object stays open, and validation reports the missing one. What is in use is
/// gathered once for a request, however many objects it has.
/// </summary>
internal sealed class ConfigCompleter(ConfigDraft draft, Sequences sequences, Func<Guid> newIdentifier)
{
    private const uint FirstNetworkId = 1;

    private readonly OwnTargets _targets = new(draft);
    private readonly PortAddresses _addresses = new(draft);
    private HashSet<uint> _networkIds = [];
    private HashSet<uint> _groupIds = [];

    public void Complete()
    {
        // All keep what they have before one is given anything: else it would get what another has and did not say again.
        foreach (var key in draft.Puts)
        {
            draft.Replace(Kept(draft.Objects[key]));
        }

        _networkIds = [.. draft.Of<VirtualNetwork>().Select(network => network.Id)];
        _groupIds = [.. draft.Of<SecurityGroup>().Select(group => group.Id)];
        foreach (var key in draft.Puts)
        {
            draft.Replace(Completed(draft.Objects[key]));
        }
    }

    private ConfigObject Kept(ConfigObject value) =>
        value switch
        {
            VirtualNetwork network when draft.Before<VirtualNetwork>(value.Key) is { } before => network with
            {
                Id = network.Id == 0 ? before.Id : network.Id,
                RouteTarget = network.RouteTarget ?? before.RouteTarget,
            },
            SecurityGroup { Id: 0 } group when draft.Before<SecurityGroup>(value.Key) is { } before => group with { Id = before.Id },
            Port port when draft.Before<Port>(value.Key) is { } before => Kept(port, before),
            BgpRouter router => Kept(router, draft.Before<BgpRouter>(value.Key)),
            _ => value,
        };

    private static Port Kept(Port port, Port before)
    {
        var keepsAddresses = port.Addresses.IsEmpty && PortAddresses.NetworkOf(before) == PortAddresses.NetworkOf(port);
        return port with
        {
            Id = port.Id ?? before.Id,
            MacAddress = port.MacAddress ?? before.MacAddress,
            Addresses = keepsAddresses ? before.Addresses : port.Addresses,
        };
    }

    // Who reads an object does not see its password, and so does not write it back; an empty one takes it away.
    private static BgpRouter Kept(BgpRouter router, BgpRouter? before) =>
        router with
        {
            Password = (router.Password ?? before?.Password) is { IsEmpty: false } password ? password : null,
        };

    private ConfigObject Completed(ConfigObject value) =>
        value switch
        {
            VirtualNetwork network => Completed(network),
            Subnet subnet => Completed(subnet),
            SecurityGroup group => Completed(group),
            Port port => Completed(port),
            BgpRouter { Families.IsEmpty: true } router => router with
            {
                Families = [AddressFamily.Vpnv4, AddressFamily.RouteTargetMembership],
            },
            GlobalConfig { EncapsulationPriority.IsEmpty: true } global => global with { EncapsulationPriority = ["gre"] },
            _ => value,
        };

    private VirtualNetwork Completed(VirtualNetwork network)
    {
        var id = network.Id == 0 ? sequences.Take("network-id", FirstNetworkId, _networkIds) : network.Id;
        return network with { Id = id, RouteTarget = network.RouteTarget ?? _targets.Take(new AsNumber(draft.Global.As), id) };
    }

    private static Subnet Completed(Subnet subnet)
    {
        if (!subnet.Prefix.Address.IsIpv4)
        {
            return subnet;
        }

        var gateway = subnet.Gateway ?? AddressPool.FirstHost(subnet.Prefix);
        return subnet with { Gateway = gateway, ServiceAddress = subnet.ServiceAddress ?? gateway };
    }

    private SecurityGroup Completed(SecurityGroup group)
    {
        var id = group.Id == 0 ? sequences.Take("security-group-id", OwnTargets.FirstNumber, _groupIds) : group.Id;
        var names = group.Rules.Select(rule => rule.Name).OfType<string>().ToHashSet();
        return group with { Id = id, Rules = group.Rules.Select((rule, index) => Named(rule, index + 1, names)).ToEquatableArray() };
    }

    private static SecurityGroupRule Named(SecurityGroupRule rule, int number, HashSet<string> names)
    {
        if (rule.Name is not null)
        {
            return rule;
        }

        while (!names.Add($"rule-{number}"))
        {
            number++;
        }

        return rule with
        {
            Name = $"rule-{number}",
        };
    }

    private Port Completed(Port port)
    {
        var network = PortAddresses.NetworkOf(port);
        port = port with { Id = port.Id ?? newIdentifier() };
        port = port with { MacAddress = port.MacAddress ?? _addresses.NewMac(network, port.Id.GetValueOrDefault()) };
        return port.Addresses.IsEmpty && _addresses.Take(network) is { } address ? port with { Addresses = [address] } : port;
    }
}
