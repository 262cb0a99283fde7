namespace Fabric.Hosting;

/// <summary>Who reaches a program's web server, and how many at a time.</summary>
public sealed record HttpAccess
{
    public const int DefaultMaxConnections = 512;

    /// <summary>Names by which clients reach its TCP addresses, beside localhost; "*.example.net" stands for all names below it, "*" for any.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Connections at a time, at the unix socket and at each TCP address.</summary>
    public int MaxConnections { get; init; } = DefaultMaxConnections;

    public bool Equals(HttpAccess? other) =>
        other is not null && MaxConnections == other.MaxConnections && Names.SequenceEqual(other.Names, StringComparer.Ordinal);

    public override int GetHashCode() => HashCode.Combine(MaxConnections, Names.Count);
}
