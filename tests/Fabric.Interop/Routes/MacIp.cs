namespace Fabric.Interop.Routes;

/// <summary>An EVPN route of type 2 (RFC 7432 section 7.2) with Ethernet tag 0 and without a segment: what stands for its prefix.</summary>
internal static class MacIp
{
    /// <summary>Such as <c>mac 02:00:00:00:00:0a ip 10.1.0.1</c>; makers differ in how they write the digits.</summary>
    public static string Name(string? mac, string? ip) => $"mac {mac?.ToLowerInvariant()} ip {ip}";

    public static (string Mac, string Ip) FieldsOf(Route route) => (route.Prefix.Split(' ')[1], route.Prefix.Split(' ')[3]);
}
