using Fabric.Model.Datapath;

namespace Fabric.Datapath;

/// <summary>
/// Security groups: a port's groups together allow what any of them allows; a port without a group allows all. A connection passes when
/// both its ends that are on this host allow it.
/// </summary>
internal sealed class SecurityPolicy(DatapathTables tables)
{
    /// <returns>Why it is dropped or not, by which rule, and for which destination ports that holds.</returns>
    public (DropReason Reason, string? Rule, PortSpan Ports) Evaluate(in PolicySubject subject, Vif? source, Vif? destination)
    {
        string? rule = null;
        var ports = PortSpan.All;
        if (source is not null && !Allows(source, Direction.Egress, subject, subject.Destination, ref rule, ref ports))
        {
            return (DropReason.SecurityGroupEgress, rule, ports);
        }

        return destination is not null && !Allows(destination, Direction.Ingress, subject, subject.Source, ref rule, ref ports)
            ? (DropReason.SecurityGroupIngress, rule, ports)
            : (DropReason.None, rule, ports);
    }

    private bool Allows(Vif port, Direction direction, in PolicySubject subject, uint remote, ref string? rule, ref PortSpan ports)
    {
        if (port.SecurityGroups.IsEmpty)
        {
            return true;
        }

        var route = tables.Vrf(port.Vrf)?.Lookup(remote);
        var remoteGroups = route is null ? [] : route.SecurityGroups;
        foreach (var group in port.SecurityGroups)
        {
            if (tables.AccessList(group)?.Allows(direction, subject, remote, remoteGroups, ref ports) is { } allowing)
            {
                rule = allowing;
                return true;
            }
        }

        // A group whose list is not here yet allows nothing.
        var first = port.SecurityGroups[0];
        rule = tables.AccessList(first)?.DefaultDeny ?? $"{first}/default-deny";
        return false;
    }
}
