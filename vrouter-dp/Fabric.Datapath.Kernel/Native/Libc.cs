using System.Runtime.InteropServices;

namespace Fabric.Datapath.Kernel.Native;

/// <summary>The system calls that the kernel's memory needs and .NET lacks. Calls that fail return -1 and set the last P/Invoke error.</summary>
internal static unsafe partial class Libc
{
    public const int ReadAccess = 1;
    public const int WriteAccess = 2;
    public const int MapShared = 1;

    public const int LazyUnmount = 2;

    private const string Library = "libc";

    [LibraryImport(Library, EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport(Library, EntryPoint = "mmap", SetLastError = true)]
    public static partial nint Map(nint address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport(Library, EntryPoint = "munmap", SetLastError = true)]
    public static partial int Unmap(nint address, nuint length);

    [LibraryImport(Library, EntryPoint = "statfs", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int FileSystem(string path, void* result);

    [LibraryImport(Library, EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Mount(string source, string target, string type, nuint flags, string options);

    [LibraryImport(Library, EntryPoint = "umount2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Unmount(string target, int flags);

    [LibraryImport(Library, EntryPoint = "socket", SetLastError = true)]
    public static partial Descriptor Socket(int family, int type, int protocol);

    [LibraryImport(Library, EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(Descriptor socket, void* message, nuint length, int flags);

    [LibraryImport(Library, EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(Descriptor socket, void* message, nuint length, int flags);

    [LibraryImport(Library, EntryPoint = "vasprintf")]
    public static partial int Format(byte** result, byte* format, nint arguments);

    [LibraryImport(Library, EntryPoint = "free")]
    public static partial void Free(void* memory);
}
