using Fabric.Model.Datapath;
using Direction = Fabric.Model.Datapath.Direction;

namespace Fabric.Datapath;

/// <summary>A security group's rules, compiled for matching. Rules only allow; what none matches is denied by the group's default.</summary>
public sealed class AccessList
{
    private readonly RuleSet ingress;
    private readonly RuleSet egress;

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

    /// <summary>The name GROUP/RULE of the first rule that allows a packet, or null; see <see cref="RuleSet"/>.</summary>
    internal string? Allows(
        Direction direction,
        in PolicySubject subject,
        uint remoteAddress,
        ReadOnlySpan<uint> remoteGroups,
        ref PortSpan ports
    ) => (direction == Direction.Ingress ? ingress : egress).First(subject, remoteAddress, remoteGroups, ref ports);

    private static RuleSet Compile(AccessListEntry entry, Direction direction) =>
        new(entry.Name, [.. entry.Rules.Where(r => r.Direction == direction)]);
}
