using System.Xml.Linq;

namespace Fabric.Architecture.Tests;

/// <summary>A project file: its name without "Fabric.", what it references, and whether it is held to purity.</summary>
internal sealed record Project(string Path, string Name, IReadOnlyList<string> References, bool IsPure, IReadOnlyList<string> Packages);

/// <summary>The repository as it lies on disk.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Every project outside of build output.</summary>
    public static IReadOnlyList<Project> Projects { get; } =
    [.. Files("*.csproj").Select(Read).OrderBy(project => project.Path, StringComparer.Ordinal)];

    /// <summary>The files of the repository, with paths relative to its root.</summary>
    public static IEnumerable<string> Files(string pattern) =>
        Directory
            .EnumerateFiles(Root, pattern, new EnumerationOptions { RecurseSubdirectories = true })
            .Select(file => Path.GetRelativePath(Root, file))
            .Where(file => !file.Split('/').Any(part => part is "bin" or "obj" or "artifacts" or ".git" or "TestResults"));

    public static string ReadAllText(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static Project Read(string path)
    {
        var document = XDocument.Load(Path.Combine(Root, path));
        return new Project(
            path,
            NameOf(path),
            [.. Includes(document, "ProjectReference").Select(NameOf)],
            document.Descendants("FabricPure").Any(element => element.Value == "true"),
            [.. Includes(document, "PackageReference")]
        );
    }

    private static IEnumerable<string> Includes(XDocument document, string element) =>
        document.Descendants(element).Select(item => (string?)item.Attribute("Include") ?? "");

    private static string NameOf(string path) => Path.GetFileNameWithoutExtension(path).Replace("Fabric.", "", StringComparison.Ordinal);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Fabric.sln")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }
}
