using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace Fabric.Datapath.Kernel.Native;

/// <summary>libbpf 1.1 (bpf/libbpf.h, bpf/bpf.h). Calls that fail return a negative error number, or null with the number in errno.</summary>
internal static unsafe partial class Libbpf
{
    public const string Library = "libbpf.so.1";

    [LibraryImport(Library, EntryPoint = "libbpf_set_print")]
    public static partial nint SetPrint(delegate* unmanaged<int, byte*, nint, int> print);

    [LibraryImport(Library, EntryPoint = "libbpf_num_possible_cpus")]
    public static partial int PossibleProcessors();

    [LibraryImport(Library, EntryPoint = "bpf_object__open_mem", SetLastError = true)]
    public static partial BpfObjectHandle OpenObject(byte* content, nuint size, in OpenOptions options);

    [LibraryImport(Library, EntryPoint = "bpf_object__load")]
    public static partial int Load(BpfObjectHandle bpfObject);

    [LibraryImport(Library, EntryPoint = "bpf_object__close")]
    public static partial void Close(nint bpfObject);

    [LibraryImport(Library, EntryPoint = "bpf_object__find_map_by_name", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint FindMap(BpfObjectHandle bpfObject, string name);

    [LibraryImport(Library, EntryPoint = "bpf_map__set_max_entries")]
    public static partial int SetMaxEntries(nint map, uint entries);

    [LibraryImport(Library, EntryPoint = "bpf_map__set_initial_value")]
    public static partial int SetInitialValue(nint map, void* value, nuint size);

    [LibraryImport(Library, EntryPoint = "bpf_map__reuse_fd")]
    public static partial int ReuseDescriptor(nint map, Descriptor descriptor);

    [LibraryImport(Library, EntryPoint = "bpf_map__fd")]
    public static partial int MapDescriptor(nint map);

    [LibraryImport(Library, EntryPoint = "bpf_object__find_program_by_name", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint FindProgram(BpfObjectHandle bpfObject, string name);

    [LibraryImport(Library, EntryPoint = "bpf_program__fd")]
    public static partial int ProgramDescriptor(nint program);

    [LibraryImport(Library, EntryPoint = "bpf_map_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial Descriptor CreateMap(uint type, string name, uint keySize, uint valueSize, uint entries, void* options);

    [LibraryImport(Library, EntryPoint = "bpf_map_update_elem")]
    public static partial int UpdateElement(Descriptor map, uint* key, int* value, ulong flags);

    [LibraryImport(Library, EntryPoint = "bpf_map_delete_elem")]
    public static partial int DeleteElement(Descriptor map, uint* key);

    [LibraryImport(Library, EntryPoint = "bpf_obj_pin", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Pin(int descriptor, string path);

    [LibraryImport(Library, EntryPoint = "bpf_obj_get", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial Descriptor OpenPin(string path);

    [LibraryImport(Library, EntryPoint = "bpf_obj_get_info_by_fd")]
    public static partial int Describe(Descriptor descriptor, void* info, uint* size);

    [LibraryImport(Library, EntryPoint = "bpf_link_create", SetLastError = true)]
    public static partial Descriptor CreateLink(int program, int target, uint attachType, void* options);

    [LibraryImport(Library, EntryPoint = "bpf_link_update")]
    public static partial int UpdateLink(Descriptor link, int program, void* options);

    [LibraryImport(Library, EntryPoint = "bpf_tc_hook_create")]
    public static partial int CreateHook(ref TcHook hook);

    [LibraryImport(Library, EntryPoint = "bpf_tc_hook_destroy")]
    public static partial int DestroyHook(ref TcHook hook);

    [LibraryImport(Library, EntryPoint = "bpf_tc_attach")]
    public static partial int Attach(in TcHook hook, ref TcFilter filter);

    [LibraryImport(Library, EntryPoint = "bpf_tc_detach")]
    public static partial int Detach(in TcHook hook, in TcFilter filter);

    [LibraryImport(Library, EntryPoint = "bpf_tc_query")]
    public static partial int Query(in TcHook hook, ref TcFilter filter);
}
