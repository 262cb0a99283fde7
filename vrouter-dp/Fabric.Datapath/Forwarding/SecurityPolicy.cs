using Fabric.Model.Datapath;

namespace Fabric.Datapath;

/// <summary>
/// Security groups: a port's groups together allow what any of them allows; a port without a group allows all. A connection passes when
/// both its ends that are on this host allow it.
/// </summary>
internal sealed class SecurityPolicy(DatapathTables tables)
{
    public (DropReason Reason, string? Rule) Evaluate(in PolicySubject subject, Vif? source, Vif? destination)
    {
        string? rule = null;
        if (source is not null && !Allows(source, Direction.Egress, subject, subject.Destination, ref rule))
        {
            return (DropReason.SecurityGroupEgress, rule);
        }

        return destination is not null && !Allows(destination, Direction.Ingress, subject, subject.Source, ref rule)
            ? (DropReason.SecurityGroupIngress, rule)
            : (DropReason.None, rule);
    }

    private bool Allows(Vif port, Direction direction, in PolicySubject subject, uint remote, ref string? rule)
    {
        if (port.SecurityGroups.IsEmpty)
        {
            return true;
        }

        var route = tables.Vrf(port.Vrf)?.Lookup(remote);
        var remoteGroups = route is null ? [] : route.SecurityGroups;
        foreach (var group in port.SecurityGroups)
        {
            if (tables.AccessList(group)?.Allows(direction, subject, remote, remoteGroups) is { } allowing)
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
