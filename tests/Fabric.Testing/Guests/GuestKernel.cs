namespace Fabric.Testing.Guests;

/// <summary>Debian's cloud kernel, unpacked by tools/test into artifacts/guest-kernel: the oldest kernel that Fabric supports.</summary>
public sealed class GuestKernel
{
    private readonly Dictionary<string, string[]> _modules;

    private GuestKernel(string root)
    {
        Image = Directory.EnumerateFiles(Path.Combine(root, "boot"), "vmlinuz-*").Single();
        _modules = ReadDependencies(root);
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
                return new GuestKernel(root);
            }
        }

        throw new DirectoryNotFoundException("artifacts/guest-kernel is missing: tools/test fetches Debian's kernel package");
    }

    /// <summary>The files of a module and of those that it needs, in the order of loading; none where the kernel has it built in.</summary>
    public IReadOnlyList<string> Module(string name)
    {
        var found = _modules.FirstOrDefault(module => Path.GetFileNameWithoutExtension(module.Key) == name);
        // modules.dep names the nearest dependency first.
        return found.Key is null ? [] : [.. found.Value.Reverse(), found.Key];
    }

    // Lines of modules.dep(5): a module, a colon, what it needs.
    private static Dictionary<string, string[]> ReadDependencies(string root)
    {
        var folder = Directory.EnumerateDirectories(Path.Combine(root, "lib/modules")).Single();
        return File.ReadLines(Path.Combine(folder, "modules.dep"))
            .Select(static line => line.Split([':', ' '], StringSplitOptions.RemoveEmptyEntries))
            .ToDictionary(
                words => Path.Combine(folder, words[0]),
                words => words[1..].Select(word => Path.Combine(folder, word)).ToArray()
            );
    }
}
