namespace Fabric.Bench.Streaming;

/// <summary>Something to be done, and what it yields.</summary>
internal interface IStreamWork
{
    /// <summary>As the command line has it.</summary>
    string Name { get; }

    IReadOnlyDictionary<StreamMeasure, double> Run(StreamTurn turn);
}
