using System.Text;

namespace Fabric.Runtime;

/// <summary>What a session with one neighbour asks of TCP, both ways of its coming about. Two are equal where all is equal.</summary>
public sealed record PeerTcpOptions
{
    /// <summary>Nothing at all; inside of a prefix that asks for something, too.</summary>
    public static PeerTcpOptions None { get; } = new();

    /// <summary>Octets of a key that Linux takes.</summary>
    public const int MaxKeyBytes = 80;

    /// <summary>Signs each segment (TCP-MD5, RFC 2385); the octets are those of its UTF-8 form. Null: unsigned, and signed ones are refused.</summary>
    /// <exception cref="ArgumentException">It is empty or longer than 80 octets.</exception>
    public string? Md5Key
    {
        get;
        init
        {
            if (value is not null && Encoding.UTF8.GetByteCount(value) is 0 or > MaxKeyBytes)
            {
                throw new ArgumentException($"A TCP-MD5 key has 1 to {MaxKeyBytes} octets.", nameof(value));
            }

            field = value;
        }
    }

    /// <summary>TTL or hop limit of what is sent: 1 for an eBGP neighbour on the link, n for one at most n hops away. Null: the system's.</summary>
    public byte? Ttl { get; init; }

    /// <summary>What comes with less is dropped by the kernel (RFC 5082). Null: nothing is.</summary>
    public byte? MinimumTtl { get; init; }

    /// <summary>The same with TTL security (RFC 5082): sends 255 and takes nothing from more than <paramref name="hops"/> hops away; 1 is the link.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not from 1 to 254.</exception>
    public PeerTcpOptions WithTtlSecurity(int hops = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(hops, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hops, 254);
        return this with { Ttl = byte.MaxValue, MinimumTtl = (byte)(256 - hops) };
    }

    /// <summary>Without the key: this goes to logs.</summary>
    public override string ToString() => $"md5: {(Md5Key is null ? "no" : "yes")}, ttl: {Ttl}, minimum ttl: {MinimumTtl}";
}
