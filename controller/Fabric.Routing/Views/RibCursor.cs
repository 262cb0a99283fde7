namespace Fabric.Routing;

/// <summary>How far a table that is read part by part has been read; the default is the beginning.</summary>
public record struct RibCursor
{
    internal int Table { get; set; }

    internal int Route { get; set; }

    /// <summary>All has been read.</summary>
    public bool IsAtEnd { get; internal set; }
}
