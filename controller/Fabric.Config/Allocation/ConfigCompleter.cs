using Fabric.Model.Config;
using Fabric.Primitives;

namespace Fabric.Config.Allocation;

/// <summary>
/// Fills in what a request left open: numbers from sequences, addresses from subnets, identifiers from the host. A value that an
/// object already has stays; what depends on a missing object stays open, and validation reports the missing one.
/// </summary>
internal sealed class ConfigCompleter(ConfigDraft draft, Sequences sequences, Func<Guid> newIdentifier)
{
    private const uint FirstNetworkId = 1;

    /// <summary>A locally administered address (IEEE 802): 02, then 40 bits of the port's UUID.</summary>
    private const ulong LocalMac = 0x0200_0000_0000;
    private const ulong MacSuffixMask = 0x00FF_FFFF_FFFF;

    private readonly OwnTargets _targets = new(draft);

    public void Complete()
    {
        foreach (var key in draft.Puts)
        {
            var value = draft.Objects[key];
            draft.Replace(
                value switch
                {
                    VirtualNetwork network => Complete(network, draft.Before<VirtualNetwork>(key)),
                    Subnet subnet => Complete(subnet),
                    SecurityGroup group => Complete(group, draft.Before<SecurityGroup>(key)),
                    Port port => Complete(port, draft.Before<Port>(key)),
                    BgpRouter router => Complete(router, draft.Before<BgpRouter>(key)),
                    GlobalConfig { EncapsulationPriority.IsEmpty: true } global => global with { EncapsulationPriority = ["gre"] },
                    _ => value,
                }
            );
        }
    }

    private VirtualNetwork Complete(VirtualNetwork network, VirtualNetwork? before)
    {
        if (network.Id == 0)
        {
            var used = draft.Of<VirtualNetwork>().Select(other => other.Id).ToHashSet();
            network = network with { Id = before?.Id ?? sequences.Take("network-id", FirstNetworkId, used) };
        }

        return network with
        {
            RouteTarget = network.RouteTarget ?? before?.RouteTarget ?? _targets.Take(new AsNumber(draft.Global.As), network.Id),
        };
    }

    // Who reads an object does not see its password, and so does not write it back; an empty one takes it away.
    private static BgpRouter Complete(BgpRouter router, BgpRouter? before) =>
        router with
        {
            Families = router.Families.IsEmpty ? [AddressFamily.Vpnv4, AddressFamily.RouteTargetMembership] : router.Families,
            Password = (router.Password ?? before?.Password) is { IsEmpty: false } password ? password : null,
        };

    private static Subnet Complete(Subnet subnet)
    {
        if (!subnet.Prefix.Address.IsIpv4)
        {
            return subnet;
        }

        var gateway = subnet.Gateway ?? AddressPool.FirstHost(subnet.Prefix);
        return subnet with { Gateway = gateway, ServiceAddress = subnet.ServiceAddress ?? gateway };
    }

    private SecurityGroup Complete(SecurityGroup group, SecurityGroup? before)
    {
        if (group.Id == 0)
        {
            var used = draft.Of<SecurityGroup>().Select(other => other.Id).ToHashSet();
            group = group with { Id = before?.Id ?? sequences.Take("security-group-id", OwnTargets.FirstNumber, used) };
        }

        var names = group.Rules.Select(rule => rule.Name).OfType<string>().ToHashSet();
        return group with { Rules = group.Rules.Select((rule, index) => Named(rule, index + 1, names)).ToEquatableArray() };
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

    private Port Complete(Port port, Port? before)
    {
        var network = ConfigKey.Resolve(ConfigKind.VirtualNetwork, port.Project, port.Network);
        port = port with { Id = port.Id ?? before?.Id ?? newIdentifier() };
        port = port with { MacAddress = port.MacAddress ?? before?.MacAddress ?? NewMac(port, network) };
        if (!port.Addresses.IsEmpty)
        {
            return port;
        }

        if (before is not null && before.Network == port.Network)
        {
            return port with { Addresses = before.Addresses };
        }

        var used = draft.PortsOf(network).SelectMany(other => other.Addresses).ToHashSet();
        return AddressPool.Take(draft.SubnetsOf(network), used) is { } address ? port with { Addresses = [address] } : port;
    }

    private MacAddress NewMac(Port port, ConfigKey network)
    {
        var used = draft.PortsOf(network).Select(other => other.MacAddress).ToHashSet();
        Span<byte> identifier = stackalloc byte[16];
        port.Id.GetValueOrDefault().TryWriteBytes(identifier, bigEndian: true, out _);
        var suffix = MacAddress.Read(identifier[10..]).Value;
        MacAddress address;
        do
        {
            address = new MacAddress(LocalMac | suffix++ & MacSuffixMask);
        } while (used.Contains(address));

        return address;
    }
}
