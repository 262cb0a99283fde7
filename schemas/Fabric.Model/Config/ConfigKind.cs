namespace Fabric.Model.Config;

/// <summary>The kinds of object. Their order is the order in which references point back: an object refers to earlier kinds, or to its own.</summary>
public enum ConfigKind
{
    GlobalConfig,
    VirtualNetwork,
    Subnet,
    SecurityGroup,
    Port,
    NetworkConnection,
    BgpRouter,
}
