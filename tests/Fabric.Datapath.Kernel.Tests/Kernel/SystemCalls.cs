using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

[assembly: DisableRuntimeMarshalling]

namespace Fabric.Datapath.Kernel.Tests.Kernel;

/// <summary>Network namespaces of a thread, and runs of a program without a device.</summary>
internal static unsafe partial class SystemCalls
{
    public const int NewNetwork = 0x40000000;

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    public static partial int Unshare(int flags);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    public static partial int Enter(SafeFileHandle network, int type);

    [LibraryImport("libc", EntryPoint = "if_nametoindex", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial uint InterfaceIndex(string device);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(int descriptor, nuint request, void* argument);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, void* bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport("libbpf.so.1", EntryPoint = "bpf_prog_test_run_opts")]
    public static partial int TestRun(int program, ref TestRunOptions options);

    [LibraryImport("libbpf.so.1", EntryPoint = "btf__parse", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint ParseTypes(string path, void* extension);

    [LibraryImport("libbpf.so.1", EntryPoint = "btf__free")]
    public static partial void FreeTypes(nint types);

    [LibraryImport("libbpf.so.1", EntryPoint = "btf__find_by_name_kind", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int FindType(nint types, string name, uint kind);

    [LibraryImport("libbpf.so.1", EntryPoint = "btf__type_by_id")]
    public static partial uint* Type(nint types, uint id);

    [LibraryImport("libbpf.so.1", EntryPoint = "btf__name_by_offset")]
    public static partial byte* Name(nint types, uint offset);

    /// <summary>struct bpf_test_run_opts.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct TestRunOptions
    {
        public nuint Size;
        public byte* Input;
        public byte* Output;
        public uint InputLength;
        public uint OutputLength;
        public SocketBuffer* ContextIn;
        public SocketBuffer* ContextOut;
        public uint ContextInSize;
        public uint ContextOutSize;
        public uint Result;
        public int Repeat;
        public uint Duration;
        public uint Flags;
        public uint Processor;
        public uint BatchSize;
    }

    /// <summary>struct __sk_buff.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 192)]
    public struct SocketBuffer
    {
        [FieldOffset(40)]
        public uint InterfaceIndex;

        [FieldOffset(48)]
        public fixed uint ControlBlock[5];

        [FieldOffset(164)]
        public uint Segments;

        [FieldOffset(176)]
        public uint SegmentSize;
    }
}
