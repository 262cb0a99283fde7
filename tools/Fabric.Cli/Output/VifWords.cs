using System.Text.Json;

namespace Fabric.Cli.Output;

/// <summary>What a record of a data plane says of a virtual interface.</summary>
internal static class VifWords
{
    /// <summary>"vif0/2 (vm-a)", or "vif0/2" where the machine has no name; null where the record has no interface.</summary>
    public static string? Of(JsonElement record) =>
        record.Text("vif") is not { } vif ? null
        : record.Text("machine") is { } machine ? $"vif0/{vif} ({machine})"
        : $"vif0/{vif}";
}
