namespace Fabric.Wire.Xmpp;

/// <summary>Bounds on what a peer may make us hold or walk.</summary>
internal static class XmlLimits
{
    /// <summary>Deepest nesting inside a stanza; configuration objects, the deepest, need about a dozen.</summary>
    public const int Depth = 32;

    public const int Attributes = 16;
}
