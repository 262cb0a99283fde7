using System.Collections.Immutable;
using Fabric.Model.AgentView;

namespace Fabric.Intent.Graph;

/// <summary>The view of one host, equal by content.</summary>
internal sealed record HostView(ImmutableSortedDictionary<HostViewKey, AgentViewObject> Objects)
{
    public static HostView Empty { get; } = new(ImmutableSortedDictionary<HostViewKey, AgentViewObject>.Empty);

    public bool Equals(HostView? other) => other is not null && Objects.SequenceEqual(other.Objects);

    public override int GetHashCode() => Objects.Count;

    public HostViewDelta DeltaTo(HostView after, string host) =>
        new(
            host,
            [.. after.Objects.Where(item => !Equals(Objects.GetValueOrDefault(item.Key), item.Value)).Select(item => item.Value)],
            [.. Objects.Where(item => !after.Objects.ContainsKey(item.Key)).Select(item => item.Value.Key).Reverse()]
        );
}

/// <summary>Orders a view so that what an object refers to comes before it.</summary>
internal readonly record struct HostViewKey(int Rank, string Name) : IComparable<HostViewKey>
{
    public static HostViewKey Of(AgentViewObject value) =>
        new(
            value switch
            {
                AgentVirtualNetwork => 0,
                AgentSecurityGroup => 1,
                _ => 2,
            },
            value.Name
        );

    public int CompareTo(HostViewKey other) => Rank != other.Rank ? Rank.CompareTo(other.Rank) : string.CompareOrdinal(Name, other.Name);

    public static bool operator <(HostViewKey left, HostViewKey right) => left.CompareTo(right) < 0;

    public static bool operator >(HostViewKey left, HostViewKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(HostViewKey left, HostViewKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(HostViewKey left, HostViewKey right) => left.CompareTo(right) >= 0;
}
