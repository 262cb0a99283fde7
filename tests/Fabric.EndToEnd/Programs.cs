namespace Fabric.EndToEnd;

/// <summary>Where the built programs are: beside this test's own build, in the same configuration.</summary>
internal static class Programs
{
    public static string Control => Find("controller/Fabric.Controller", "fabric-control.dll");

    public static string Cli => Find("tools/Fabric.Cli", "fabric.dll");

    private static string Find(string project, string assembly)
    {
        // .../tests/Fabric.EndToEnd/bin/CONFIGURATION/net10.0/
        var own = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        var configuration = own.Parent!.Name;
        var repository = own.Parent.Parent!.Parent!.Parent!.Parent!.FullName;
        return Path.Combine(repository, project, "bin", configuration, own.Name, assembly);
    }
}
