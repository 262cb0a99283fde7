using System.Runtime.InteropServices;
using System.Text;

namespace Fabric.Datapath.Kernel.Native;

/// <summary>
/// What libbpf says during a call on this thread, the verifier's words among it; without this it writes to the process's standard error.
/// The end is kept, where the verifier says what is wrong.
/// </summary>
internal static unsafe class KernelLog
{
    private const int Debug = 2;
    private const int Kept = 16 * 1024;

    [ThreadStatic]
    private static StringBuilder? text;

    static KernelLog() => Libbpf.SetPrint(&Print);

    /// <summary>Begins anew.</summary>
    public static void Begin() => text = new StringBuilder();

    /// <summary>What was said since.</summary>
    public static string End()
    {
        var said = text?.ToString().TrimEnd() ?? "";
        text = null;
        return said;
    }

    [UnmanagedCallersOnly]
    private static int Print(int level, byte* format, nint arguments)
    {
        byte* line = null;
        if (level >= Debug || text is not { } said || Libc.Format(&line, format, arguments) < 0)
        {
            return 0;
        }

        said.Append(Marshal.PtrToStringUTF8((nint)line));
        Libc.Free(line);
        if (said.Length > Kept)
        {
            said.Remove(0, said.Length - Kept);
        }

        return 0;
    }
}
