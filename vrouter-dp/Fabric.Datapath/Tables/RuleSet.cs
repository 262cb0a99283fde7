using System.Numerics;
using Fabric.Model.Datapath;
using Fabric.Primitives;

namespace Fabric.Datapath;

/// <summary>
/// The rules of one direction, compiled so that the first that matches is found without reading them all: by protocol and remote group,
/// then by each prefix length that occurs there, then by a search among port ranges. What a packet costs grows with the logarithm of the
/// rules, and with the groups of the remote end.
/// </summary>
internal sealed class RuleSet
{
    private readonly record struct Prefix(int Length, uint Address);

    // Rules for some ports say nothing of protocols that have none.
    private readonly record struct Match(int FirstForAnyPort, PortRanges Ports);

    private sealed class Bucket
    {
        /// <summary>A bit for each length that one of the prefixes has.</summary>
        public ulong Lengths { get; set; }

        public Dictionary<Prefix, Match> Prefixes { get; } = [];
    }

    private readonly Dictionary<(byte Protocol, uint Group), Bucket> buckets = [];
    private readonly string[] names;

    /// <param name="list">Name of the access list.</param>
    /// <param name="rules">Rules in their order.</param>
    public RuleSet(string list, IReadOnlyList<AccessRule> rules)
    {
        names = [.. rules.Select(r => $"{list}/{r.Name}")];
        var ranked = rules.Select((rule, rank) => (Rule: rule, Rank: rank));
        foreach (var group in ranked.GroupBy(r => ((byte)r.Rule.Protocol, r.Rule.RemoteGroup)))
        {
            var bucket = new Bucket();
            foreach (var same in group.GroupBy(r => PrefixOf(r.Rule)))
            {
                bucket.Lengths |= 1ul << same.Key.Length;
                bucket.Prefixes.Add(same.Key, Compile([.. same]));
            }

            buckets.Add(group.Key, bucket);
        }
    }

    /// <summary>The name of the first rule that matches, or null.</summary>
    /// <param name="subject">The packet.</param>
    /// <param name="remoteAddress">Its address that is not the group's member's.</param>
    /// <param name="remoteGroups">Groups of that address.</param>
    /// <param name="ports">Is narrowed to destination ports with which the answer would be the same.</param>
    public string? First(in PolicySubject subject, uint remoteAddress, ReadOnlySpan<uint> remoteGroups, ref PortSpan ports)
    {
        var first = First(0, subject, remoteAddress, remoteGroups, ref ports);
        if (subject.Protocol != 0)
        {
            first = Math.Min(first, First(subject.Protocol, subject, remoteAddress, remoteGroups, ref ports));
        }

        return first == PortRanges.None ? null : names[first];
    }

    private int First(byte protocol, in PolicySubject subject, uint remoteAddress, ReadOnlySpan<uint> remoteGroups, ref PortSpan ports)
    {
        var first = First((protocol, 0), subject, remoteAddress, ref ports);
        foreach (var group in remoteGroups)
        {
            first = Math.Min(first, First((protocol, group), subject, remoteAddress, ref ports));
        }

        return first;
    }

    private int First((byte Protocol, uint Group) key, in PolicySubject subject, uint remoteAddress, ref PortSpan ports)
    {
        var first = PortRanges.None;
        if (!buckets.TryGetValue(key, out var bucket))
        {
            return first;
        }

        for (var lengths = bucket.Lengths; lengths != 0; lengths &= lengths - 1)
        {
            var length = BitOperations.TrailingZeroCount(lengths);
            if (bucket.Prefixes.TryGetValue(new Prefix(length, remoteAddress & IpPrefix.MaskIpv4(length)), out var match))
            {
                first = Math.Min(first, subject.HasPort ? match.Ports.First(subject.DestinationPort, ref ports) : match.FirstForAnyPort);
            }
        }

        return first;
    }

    private static Prefix PrefixOf(AccessRule rule)
    {
        var length = (int)rule.RemoteLength;
        return new Prefix(length, rule.RemotePrefix & IpPrefix.MaskIpv4(length));
    }

    private static Match Compile(IReadOnlyList<(AccessRule Rule, int Rank)> rules)
    {
        var forAnyPort = rules.Where(r => r.Rule is { PortMin: 0, PortMax: ushort.MaxValue }).Select(r => r.Rank);
        return new Match(
            forAnyPort.DefaultIfEmpty(PortRanges.None).Min(),
            new PortRanges([.. rules.Select(r => (r.Rank, (ushort)r.Rule.PortMin, (ushort)r.Rule.PortMax))])
        );
    }
}
