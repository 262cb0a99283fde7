namespace Fabric.Datapath.Kernel.Tests.Kernel;

/// <summary>A folder for pins, gone with all that is in it at the end.</summary>
internal sealed class KernelCacheFolder : IDisposable
{
    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"fabric-kernel-{Guid.NewGuid():N}");

    public KernelCacheOptions Options =>
        new()
        {
            PinFolder = Path,
            Sizes = TestSizes,
            Seed = 0x5EED,
            RingBytes = 1 << 16,
            ReportsRuns = true,
        };

    public static Shared.SharedSizes TestSizes { get; } =
        new(1024)
        {
            Vifs = 16,
            NextHops = 64,
            Labels = 128,
            Devices = 256,
        };

    public void Dispose() => KernelCache.Remove(Path);
}
