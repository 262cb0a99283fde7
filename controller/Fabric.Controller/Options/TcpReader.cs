using System.Text;
using Fabric.Hosting.Configuration;
using Fabric.Intent;
using Fabric.Runtime;

namespace Fabric.Controller.Options;

/// <summary>
/// The keys of TCP.
/// <code>
/// password: secret       # TCP-MD5 (RFC 2385)
/// ttl-security: 1        # hops away at most (RFC 5082)
/// ttl: 5                 # of what is sent; not together with ttl-security
/// </code>
/// </summary>
internal static class TcpReader
{
    private static readonly Numbers<byte> s_hops = new(1, 254, "hops");
    private static readonly Numbers<byte> s_ttl = new(1, 255, "a TTL");
    private static readonly string s_passwordExpected = $"1 to {PeerTcpOptions.MaxKeyBytes} octets of text, or null for none";

    public static TcpIntent Read(OptionsFile section, TcpIntent inherited)
    {
        var (hasHops, hasTtl) = (section.Has("ttl-security"), section.Has("ttl"));
        if (hasHops && hasTtl)
        {
            section.Reject("ttl", "it is 255 with 'ttl-security'; leave one of them out");
        }

        // The one that is said here puts away the other one of the group.
        return new TcpIntent
        {
            Password = section.Secret<string?>("password", Password, s_passwordExpected, inherited.Password),
            SecurityHops = s_hops.ReadOptional(section, "ttl-security", hasTtl ? null : inherited.SecurityHops),
            Ttl = s_ttl.ReadOptional(section, "ttl", hasHops ? null : inherited.Ttl),
        };
    }

    private static bool Password(string text, out string? value)
    {
        value = text is "null" or "~" or "" ? null : text;
        return text.Length > 0 && Encoding.UTF8.GetByteCount(text) <= PeerTcpOptions.MaxKeyBytes;
    }
}
