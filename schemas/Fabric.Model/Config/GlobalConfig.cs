using System.Text.Json.Serialization;
using Fabric.Primitives;

namespace Fabric.Model.Config;

/// <summary>Settings of the whole fabric; there is one, named "default". Where it is absent the defaults hold.</summary>
/// <param name="As">The fabric's AS number. Route targets that were allocated before a change keep the old one.</param>
/// <param name="EncapsulationPriority">The first that both ends of a tunnel can do is used.</param>
/// <param name="GracefulRestartTime">Seconds for which routes of a session that broke are kept.</param>
public sealed record GlobalConfig(
    string Name = GlobalConfig.OnlyName,
    uint As = GlobalConfig.DefaultAs,
    EquatableArray<string> EncapsulationPriority = default,
    int GracefulRestartTime = GlobalConfig.DefaultGracefulRestartTime
) : ConfigObject(Name)
{
    public const string OnlyName = "default";
    public const uint DefaultAs = 64512;
    public const int DefaultGracefulRestartTime = 120;

    [JsonIgnore]
    public override ConfigKind Kind => ConfigKind.GlobalConfig;

    /// <summary>"gre" (the default), "udp", "vxlan".</summary>
    public static TunnelEncapsulations Encapsulation(string word) =>
        word switch
        {
            "gre" => TunnelEncapsulations.MplsOverGre,
            "udp" => TunnelEncapsulations.MplsOverUdp,
            "vxlan" => TunnelEncapsulations.Vxlan,
            _ => TunnelEncapsulations.None,
        };
}
