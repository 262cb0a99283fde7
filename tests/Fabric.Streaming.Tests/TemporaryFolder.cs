namespace Fabric.Streaming.Tests;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("fabric-stream-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
