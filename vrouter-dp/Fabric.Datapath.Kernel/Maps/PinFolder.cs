using Fabric.Datapath.Kernel.Native;

namespace Fabric.Datapath.Kernel.Maps;

/// <summary>
/// The node's folder in a BPF file system, where maps and hooks outlive the process. Names have no dot, which the file system forbids.
/// <code>
/// folder/v1/maps/NAME           maps, of version 1 of bpf/layout.h; punts0 and so on are the workers' rings
/// folder/v1/links/ROLE-INDEX    tcx links of the device with that interface index
/// folder/v1/filters/ROLE-INDEX  programs, each for a filter of a device's clsact queue
/// folder/v1/programs/BUILD/NAME programs that use these maps, as that build loaded them
/// </code>
/// </summary>
internal sealed unsafe class PinFolder
{
    private const nint BpfFileSystem = unchecked((int)0xCAFE4A11);
    private const int SizeOfStatfs = 256;
    private readonly string root;
    private readonly string version;

    private PinFolder(string root, int layoutVersion)
    {
        this.root = root;
        version = Path.Combine(root, $"v{layoutVersion}");
    }

    public string Maps => Path.Combine(version, "maps");

    public string Links => Path.Combine(version, "links");

    public string Filters => Path.Combine(version, "filters");

    private string Programs => Path.Combine(version, "programs");

    /// <summary>Makes the folder where it is missing, with a BPF file system of its own unless it lies in one.</summary>
    public static PinFolder Open(string root, int layoutVersion)
    {
        var folder = new PinFolder(root, layoutVersion);
        Create(root);
        if (!folder.IsPinnable && Libc.Mount("bpf", root, "bpf", 0, "mode=0700") != 0)
        {
            throw KernelCacheException.OfLastError($"mounting a BPF file system at {root}");
        }

        return folder;
    }

    /// <summary>The folder as it is, for what lies in it to be removed.</summary>
    public static PinFolder Existing(string root, int layoutVersion) => new(root, layoutVersion);

    /// <summary>Whether anything can lie in the folder.</summary>
    public bool IsPinnable
    {
        get
        {
            var result = stackalloc byte[SizeOfStatfs];
            return Directory.Exists(root) && Libc.FileSystem(root, result) == 0 && (int)*(nint*)result == BpfFileSystem;
        }
    }

    /// <summary>Folders of all layouts, this one's among them.</summary>
    public IEnumerable<PinFolder> AllVersions() =>
        IsPinnable
            ? Directory
                .EnumerateDirectories(root, "v*")
                .Select(static path => Path.GetFileName(path))
                .Where(static name => int.TryParse(name.AsSpan(1), out _))
                .Select(name => new PinFolder(root, int.Parse(name.AsSpan(1), provider: null)))
                .ToList()
            : [];

    public static IEnumerable<string> PinsIn(string folder) => Directory.Exists(folder) ? Directory.GetFiles(folder) : [];

    public void CreateSubfolders()
    {
        Create(Maps);
        Create(Links);
        Create(Filters);
    }

    public string ProgramsOf(string build) => Path.Combine(Programs, build);

    public string CreateProgramsOf(string build)
    {
        Create(ProgramsOf(build));
        return ProgramsOf(build);
    }

    /// <summary>Unpins the programs of all builds; where they are attached they stay.</summary>
    public void RemovePrograms() => Remove(Programs);

    /// <summary>Unpins all of this layout. Memory goes when nothing else holds it.</summary>
    public void RemoveVersion() => Remove(version);

    /// <summary>Takes away the file system, when it is mounted at this very folder, and the folder.</summary>
    public void RemoveRoot()
    {
        if (IsMountPoint(root) && Libc.Unmount(root, Libc.LazyUnmount) != 0)
        {
            throw KernelCacheException.OfLastError($"unmounting {root}");
        }

        if (Directory.Exists(root) && !Directory.EnumerateFileSystemEntries(root).Any())
        {
            Directory.Delete(root);
        }
    }

    private static void Remove(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private static void Create(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new KernelCacheException($"making {path}: {exception.Message}", exception);
        }
    }

    private static bool IsMountPoint(string path) =>
        File.ReadLines("/proc/self/mounts").Any(line => line.Split(' ') is [_, var at, "bpf", ..] && at == path);
}
