using System.Text.Json;

namespace Fabric.Datapath;

/// <summary>Drop reasons as operators read them: <c>security-group-ingress</c>.</summary>
public static class DropReasonNames
{
    private static readonly string[] names =
    [
        .. Enum.GetNames<DropReason>().Select(static name => JsonNamingPolicy.KebabCaseLower.ConvertName(name)),
    ];

    public static string Of(DropReason reason) => names[(int)reason];
}
