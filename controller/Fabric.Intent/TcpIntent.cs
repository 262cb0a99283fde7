namespace Fabric.Intent;

/// <summary>What a session asks of TCP.</summary>
public sealed record TcpIntent
{
    /// <summary>Signs each segment (RFC 2385); 1 to 80 octets.</summary>
    public string? Password { get; init; }

    /// <summary>TTL of what is sent; null: the system's.</summary>
    public byte? Ttl { get; init; }

    /// <summary>How many hops away it is at most: what comes from farther is dropped (RFC 5082); 1 is the link.</summary>
    public byte? SecurityHops { get; init; }

    /// <summary>Without the password: this goes to logs.</summary>
    public override string ToString() => $"password: {(Password is null ? "no" : "yes")}, ttl: {Ttl}, ttl security: {SecurityHops}";
}
