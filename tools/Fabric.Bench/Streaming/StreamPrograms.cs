namespace Fabric.Bench.Streaming;

/// <summary>The programs that take part, by their paths.</summary>
internal sealed record StreamPrograms(string Control, string Agent, string Broker, string Datapath)
{
    /// <summary>Those under a folder, as tools/bench/stream publishes them.</summary>
    public static StreamPrograms Under(string folder)
    {
        string Path(string name) => System.IO.Path.Combine(folder, name, name);
        return new(Path("fabric-control"), Path("fabric-agent"), Path("fabric-broker"), Path("fabric-dp"));
    }
}
