using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Fabric.Datapath.Kernel.Native;

/// <summary>struct bpf_object_open_opts, up to the name of the object.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct OpenOptions
{
    public nuint Size;
    public byte* Name;
}

/// <summary>struct bpf_map_info, up to what a map is compared by.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MapInfo
{
    public uint Type;
    public uint Id;
    public uint KeySize;
    public uint ValueSize;
    public uint MaxEntries;
    public uint Flags;
}

/// <summary>struct bpf_prog_info, up to the program's number.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ProgramInfo
{
    public uint Type;
    public uint Id;
}

/// <summary>struct bpf_link_info of a tcx link.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TcxLinkInfo
{
    public uint Type;
    public uint Id;
    public uint ProgramId;
    public uint Padding;

    /// <summary>0 when the device is gone.</summary>
    public uint InterfaceIndex;
    public uint AttachType;
}

/// <summary>struct bpf_tc_hook.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TcHook
{
    public const uint Ingress = 1;
    public const uint Egress = 2;

    public nuint Size;
    public int InterfaceIndex;
    public uint AttachPoint;
    public uint Parent;
    private uint padding;

    public static TcHook At(uint interfaceIndex, uint attachPoint) =>
        new()
        {
            Size = (nuint)Unsafe.SizeOf<TcHook>(),
            InterfaceIndex = (int)interfaceIndex,
            AttachPoint = attachPoint,
        };
}

/// <summary>struct bpf_tc_opts.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TcFilter
{
    public const uint Replace = 1;

    public nuint Size;
    public int Program;
    public uint Flags;
    public uint ProgramId;
    public uint Handle;
    public uint Priority;
    private uint padding;
}
