using System.Runtime.InteropServices;

namespace Fabric.Datapath.Kernel.Tests.Kernel;

/// <summary>The types of an object file in BTF (Documentation/bpf/btf.rst), read by libbpf.</summary>
internal sealed unsafe class BpfTypes : IDisposable
{
    private const uint KindStructure = 4;
    private const uint KindEnumeration = 6;

    // struct btf_type: name, info (number of members in its low half), size; then the members, of three words each, or of two.
    private const int Header = 3;
    private readonly nint handle;

    private BpfTypes(nint handle) => this.handle = handle;

    public static BpfTypes OfKernelObject()
    {
        var path = Path.GetTempFileName();
        using (var resource = typeof(KernelCache).Assembly.GetManifestResourceStream("fabric.bpf.o")!)
        using (var file = File.Create(path))
        {
            resource.CopyTo(file);
        }

        var types = SystemCalls.ParseTypes(path, null);
        File.Delete(path);
        Assert.That(types, Is.Not.Zero);
        return new BpfTypes(types);
    }

    public int SizeOf(string structure) => (int)Find(structure, KindStructure)[2];

    /// <summary>In bytes.</summary>
    public int OffsetOf(string structure, string member)
    {
        var type = Find(structure, KindStructure);
        for (var i = 0; i < (ushort)type[1]; i++)
        {
            var words = type + Header + 3 * i;
            if (NameAt(words[0]) == member)
            {
                return (int)(words[2] / 8);
            }
        }

        throw new KeyNotFoundException($"{structure}.{member}");
    }

    /// <summary>Names by number, which count up from 0.</summary>
    public IReadOnlyList<string> EnumeratorsOf(string enumeration)
    {
        var type = Find(enumeration, KindEnumeration);
        var names = new List<string>();
        for (var i = 0; i < (ushort)type[1]; i++)
        {
            var words = type + Header + 2 * i;
            Assert.That(words[1], Is.EqualTo((uint)i));
            names.Add(NameAt(words[0]));
        }

        return names;
    }

    public void Dispose() => SystemCalls.FreeTypes(handle);

    private uint* Find(string name, uint kind)
    {
        var id = SystemCalls.FindType(handle, name, kind);
        return id < 0 ? throw new KeyNotFoundException(name) : SystemCalls.Type(handle, (uint)id);
    }

    private string NameAt(uint offset) => Marshal.PtrToStringUTF8((nint)SystemCalls.Name(handle, offset))!;
}
