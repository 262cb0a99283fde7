using System.Runtime.InteropServices;

namespace Fabric.Datapath.Shared;

/// <summary>Zeroed memory of this process alone, aligned to cache lines. What is never touched takes no pages.</summary>
internal sealed unsafe class NativeRegions : IDisposable
{
    private const nuint Line = 64;
    private readonly List<nint> blocks = [];

    public nint Take<T>(int count)
        where T : unmanaged
    {
        var block = (nint)NativeMemory.AllocZeroed((nuint)count * (nuint)sizeof(T) + Line);
        blocks.Add(block);
        return (nint)((nuint)(block + (nint)Line - 1) & ~(Line - 1));
    }

    public void Dispose()
    {
        blocks.ForEach(static block => NativeMemory.Free((void*)block));
        blocks.Clear();
    }
}
