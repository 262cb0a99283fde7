using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Fabric.Runtime;

/// <summary>Memory that the process keeps its claim to, without the pages behind it.</summary>
internal static unsafe partial class ResidentMemory
{
    private const int DontNeed = 4;

    /// <summary>Gives whole pages back to the system: what was in them is zero when they are touched again (madvise(2), MADV_DONTNEED).</summary>
    /// <param name="pages">Pinned; begins and ends at a page's border.</param>
    public static void GiveBack(Span<byte> pages) =>
        // A refusal leaves them where they are, which is no fault.
        _ = Advise(Unsafe.AsPointer(ref MemoryMarshal.GetReference(pages)), (nuint)pages.Length, DontNeed);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
