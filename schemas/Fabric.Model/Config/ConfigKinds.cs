namespace Fabric.Model.Config;

/// <summary>The words for the kinds.</summary>
public static class ConfigKinds
{
    public static IReadOnlyList<ConfigKind> All { get; } = Enum.GetValues<ConfigKind>();

    /// <summary>The value of "kind" in JSON and YAML.</summary>
    public static string Word(this ConfigKind kind) =>
        kind switch
        {
            ConfigKind.GlobalConfig => "global-config",
            ConfigKind.VirtualNetwork => "virtual-network",
            ConfigKind.Subnet => "subnet",
            ConfigKind.SecurityGroup => "security-group",
            ConfigKind.Port => "port",
            ConfigKind.NetworkConnection => "network-connection",
            ConfigKind.BgpRouter => "bgp-router",
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };

    /// <summary>The word for many, as it stands in URLs.</summary>
    public static string Plural(this ConfigKind kind) => kind.Word() + "s";

    public static bool HasProject(this ConfigKind kind) => kind is not (ConfigKind.GlobalConfig or ConfigKind.BgpRouter);

    public static ConfigKind? Find(string? word)
    {
        foreach (var kind in All)
        {
            if (kind.Word() == word)
            {
                return kind;
            }
        }

        return null;
    }
}
