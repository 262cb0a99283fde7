using Fabric.Model.Datapath;
using Fabric.Primitives;
using Direction = Fabric.Model.Datapath.Direction;

namespace Fabric.Datapath;

/// <summary>A security group's rules, compiled for matching. Rules only allow; what none matches is denied by the group's default.</summary>
public sealed class AccessList
{
    private readonly record struct Rule(byte Protocol, ushort PortMin, ushort PortMax, uint Prefix, uint Mask, uint Group, string Name)
    {
        public bool Matches(in PolicySubject subject, uint remoteAddress, ReadOnlySpan<uint> remoteGroups) =>
            (Protocol == 0 || Protocol == subject.Protocol)
            && MatchesPort(subject)
            && (remoteAddress & Mask) == Prefix
            && (Group == 0 || remoteGroups.Contains(Group));

        // A rule for some ports says nothing of protocols that have none.
        private bool MatchesPort(in PolicySubject subject) =>
            (PortMin == 0 && PortMax == ushort.MaxValue)
            || (subject.HasPort && subject.DestinationPort >= PortMin && subject.DestinationPort <= PortMax);
    }

    private readonly Rule[] ingress;
    private readonly Rule[] egress;

    internal AccessList(AccessListEntry entry)
    {
        Entry = entry;
        ingress = Compile(entry, Direction.Ingress);
        egress = Compile(entry, Direction.Egress);
        DefaultDeny = $"{entry.Name}/default-deny";
    }

    public AccessListEntry Entry { get; }

    internal ulong Mark { get; set; }

    public uint Id => Entry.Id;

    public string Name => Entry.Name;

    /// <summary>The name under which the group's implicit deny is recorded.</summary>
    public string DefaultDeny { get; }

    /// <summary>The name GROUP/RULE of the first rule that allows a packet, or null.</summary>
    internal string? Allows(Direction direction, in PolicySubject subject, uint remoteAddress, ReadOnlySpan<uint> remoteGroups)
    {
        foreach (ref readonly var rule in (direction == Direction.Ingress ? ingress : egress).AsSpan())
        {
            if (rule.Matches(subject, remoteAddress, remoteGroups))
            {
                return rule.Name;
            }
        }

        return null;
    }

    private static Rule[] Compile(AccessListEntry entry, Direction direction) =>
        [
            .. entry
                .Rules.Where(r => r.Direction == direction)
                .Select(r => new Rule(
                    (byte)r.Protocol,
                    (ushort)r.PortMin,
                    (ushort)r.PortMax,
                    r.RemotePrefix & IpPrefix.MaskIpv4((int)r.RemoteLength),
                    IpPrefix.MaskIpv4((int)r.RemoteLength),
                    r.RemoteGroup,
                    $"{entry.Name}/{r.Name}"
                )),
        ];
}
