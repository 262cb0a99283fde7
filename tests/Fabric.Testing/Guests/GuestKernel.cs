namespace Fabric.Testing.Guests;

/// <summary>Debian's cloud kernel, unpacked by tools/test into artifacts/guest-kernel: the oldest kernel that Fabric supports.</summary>
public sealed class GuestKernel
{
    private readonly string _root;

    private GuestKernel(string root, string image)
    {
        _root = root;
        Image = image;
    }

    /// <summary>The kernel's image.</summary>
    public string Image { get; }

    /// <exception cref="DirectoryNotFoundException">It was not fetched.</exception>
    public static GuestKernel Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var root = Path.Combine(folder.FullName, "artifacts/guest-kernel");
            if (Directory.Exists(root))
            {
                return new GuestKernel(root, Directory.EnumerateFiles(Path.Combine(root, "boot"), "vmlinuz-*").Single());
            }
        }

        throw new DirectoryNotFoundException("artifacts/guest-kernel is missing: tools/test fetches Debian's kernel package");
    }

    /// <summary>The file of a module that the kernel has not built in, and null where it has.</summary>
    public string? Module(string name) =>
        Directory.EnumerateFiles(Path.Combine(_root, "lib/modules"), $"{name}.ko", SearchOption.AllDirectories).FirstOrDefault();
}
