namespace Fabric.Streaming;

/// <summary>Which of a control node's routes become rows of fabric.routes.</summary>
public enum PublishedRoutes
{
    /// <summary>What every peer has told, as far as the import rules accept it.</summary>
    All,

    /// <summary>The best path of each route.</summary>
    Best,

    Off,
}
