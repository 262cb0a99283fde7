using Fabric.Primitives;

namespace Fabric.Agent.Core.Tables;

/// <summary>What a next hop is, by which it is found again: the same key has the same id for as long as anything uses it.</summary>
public abstract record NextHopKey
{
    /// <summary>A name for the key that stays the same over restarts.</summary>
    public abstract string Name { get; }

    public sealed record Interface(string Port) : NextHopKey
    {
        public override string Name => NameOf(Port);

        public static string NameOf(string port) => $"interface/{port}";
    }

    public sealed record Receive : NextHopKey
    {
        public static Receive Instance { get; } = new();

        public override string Name => "receive";
    }

    public sealed record Tunnel(IpAddress Destination, TunnelEncapsulations Encapsulation) : NextHopKey
    {
        public override string Name => $"tunnel/{Destination}/{Encapsulation}";
    }

    /// <param name="Members">In order, without repetition; the label of an interface is 0.</param>
    public sealed record Ecmp(EquatableArray<LabeledNextHop> Members) : NextHopKey
    {
        public override string Name => $"ecmp/{string.Join('+', Members.Select(member => $"{member.Key.Name}@{member.Label}"))}";
    }
}

public readonly record struct LabeledNextHop(NextHopKey Key, uint Label);
