namespace Fabric.Controller.Monitoring;

/// <summary>What a BMP station is told.</summary>
[Flags]
public enum BmpTables
{
    None = 0,

    /// <summary>Adj-RIB-In as neighbours send it (RFC 7854).</summary>
    PrePolicy = 1,

    /// <summary>Adj-RIB-In behind the import rules (RFC 7854).</summary>
    PostPolicy = 2,

    /// <summary>Adj-RIB-Out as neighbours are told (RFC 8671).</summary>
    AdjRibOut = 4,

    /// <summary>The best paths (RFC 9069).</summary>
    LocRib = 8,
}
