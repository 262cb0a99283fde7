using System.Net;
using Fabric.Interop.Routes;

namespace Fabric.Interop.Speakers;

/// <summary>The body of an OPEN (RFC 4271 section 4.2), every field of which may be wrong: hexadecimal digits but the identifier.</summary>
internal sealed record OpenBody(string As, string Identifier)
{
    public OpenBody(uint autonomousSystem, string identifier)
        : this($"{autonomousSystem:x4}", identifier) { }

    public string Version { get; init; } = "04";

    public string HoldTime { get; init; } = "00b4";

    /// <summary>The optional parameters, without their length.</summary>
    public string Parameters { get; init; } = "";

    /// <summary>The length of the parameters; null: the right one.</summary>
    public string? Length { get; init; }

    /// <summary>RFC 5492 section 4: each an optional parameter with one capability, that of multiprotocol extensions (RFC 4760 section 8).</summary>
    public static string Multiprotocol(IEnumerable<Family> families) =>
        string.Concat(families.Select(family => $"02060104{family.AfiInHex()}00{family.SafiInHex()}"));

    public override string ToString() =>
        $"{Version}{As}{HoldTime}{Convert.ToHexString(IPAddress.Parse(Identifier).GetAddressBytes())}{Length ?? $"{Parameters.Length / 2:x2}"}{Parameters}";
}
