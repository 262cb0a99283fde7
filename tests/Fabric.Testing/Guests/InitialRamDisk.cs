using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Fabric.Testing.Guests;

/// <summary>
/// The files of a guest, as the kernel unpacks them at its start: a cpio archive of the "new" form (Documentation/driver-api/early-userspace/buffer-format.rst).
/// Each entry is a header of 110 hexadecimal characters, the name, the content, the latter two padded to four bytes.
/// </summary>
public sealed partial class InitialRamDisk : IDisposable
{
    private const int Executable = 0x8000 | 0x1ED;
    private const int Directory = 0x4000 | 0x1ED;

    private readonly FileStream _archive;
    private readonly HashSet<string> _present = new(StringComparer.Ordinal);
    private int _inode;

    public InitialRamDisk()
    {
        Path = System.IO.Path.GetTempFileName();
        _archive = File.Create(Path);
    }

    /// <summary>The archive; whole after <see cref="Finish"/>.</summary>
    public string Path { get; }

    public void AddText(string path, string text) => Add(path, Executable, Encoding.UTF8.GetBytes(text));

    public void AddBytes(string path, byte[] content) => Add(path, Executable, content);

    public void AddFolder(string path) => Add(path, Directory, []);

    /// <summary>Copies a file of this machine.</summary>
    public void AddFile(string source, string? path = null) => Add(path ?? source, Executable, File.ReadAllBytes(source));

    /// <summary>Copies a program or library of this machine with the libraries that it is linked to.</summary>
    public void AddProgram(string source, string? path = null)
    {
        AddFile(source, path);
        foreach (Match library in LinkedLibrary().Matches(Run("ldd", source)))
        {
            AddFile(library.Value);
        }
    }

    /// <summary>Copies a folder of this machine with all that is in it.</summary>
    public void AddTree(string source, string path)
    {
        foreach (var file in System.IO.Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            AddFile(file, System.IO.Path.Combine(path, System.IO.Path.GetRelativePath(source, file)));
        }
    }

    /// <summary>Copies .NET's runtime as this process uses it, and its web framework where that is wanted, to /usr/share/dotnet.</summary>
    public void AddDotnet(bool withWeb)
    {
        const string Target = "/usr/share/dotnet";
        var runtime = System.IO.Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var root = System.IO.Path.GetFullPath(System.IO.Path.Combine(runtime, "../../.."));
        var version = System.IO.Path.GetFileName(runtime);
        AddProgram(System.IO.Path.Combine(root, "dotnet"), $"{Target}/dotnet");
        AddTree(System.IO.Path.Combine(root, "host/fxr", version), $"{Target}/host/fxr/{version}");
        AddTree(runtime, $"{Target}/shared/Microsoft.NETCore.App/{version}");
        if (withWeb)
        {
            AddTree(
                System.IO.Path.Combine(root, "shared/Microsoft.AspNetCore.App", version),
                $"{Target}/shared/Microsoft.AspNetCore.App/{version}"
            );
        }

        // .NET opens it by name when a random number or a certificate is wanted.
        AddProgram("/usr/lib/x86_64-linux-gnu/libssl.so.3");
        AddProgram(System.IO.Path.Combine(runtime, "libcoreclr.so"), $"{Target}/shared/Microsoft.NETCore.App/{version}/libcoreclr.so");
    }

    /// <summary>Ends the archive.</summary>
    public void Finish()
    {
        Write("TRAILER!!!", 0, []);
        _archive.Dispose();
    }

    public void Dispose()
    {
        _archive.Dispose();
        File.Delete(Path);
    }

    private void Add(string path, int mode, byte[] content)
    {
        var name = path.TrimStart('/');
        if (!_present.Add(name))
        {
            return;
        }

        if (System.IO.Path.GetDirectoryName(name) is { Length: > 0 } folder)
        {
            AddFolder(folder);
        }

        Write(name, mode, content);
    }

    private void Write(string name, int mode, byte[] content)
    {
        _inode++;
        var bytes = Encoding.UTF8.GetBytes(name + '\0');
        _archive.Write(
            Encoding.ASCII.GetBytes(
                $"070701{_inode:X8}{mode:X8}{0:X8}{0:X8}{1:X8}{0:X8}{content.Length:X8}{0:X8}{0:X8}{0:X8}{0:X8}{bytes.Length:X8}{0:X8}"
            )
        );
        _archive.Write(bytes);
        Pad();
        _archive.Write(content);
        Pad();
    }

    private void Pad()
    {
        while (_archive.Position % 4 != 0)
        {
            _archive.WriteByte(0);
        }
    }

    private static string Run(string program, string argument)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, [argument]) { UseShellExecute = false, RedirectStandardOutput = true }
        )!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }

    [GeneratedRegex(@"/\S+\.so\S*", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LinkedLibrary();
}
