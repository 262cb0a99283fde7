namespace Fabric.Lab.Nodes;

/// <summary>Where the programs are: our own as built in the repository, the others where Debian puts them.</summary>
internal static class Programs
{
    /// <summary>FRR's; <c>/usr/sbin/bgpd</c> would be OpenBGPD's.</summary>
    public const string FrrBgpd = "/usr/lib/frr/bgpd";

    /// <summary>The root of the repository, above this program's own folder.</summary>
    public static string Repository { get; } = FindRepository();

    public static string[] Control => Built("controller/Fabric.Controller", "fabric-control");

    public static string[] Agent => Built("vrouter-agent/Fabric.Agent", "fabric-agent");

    public static string[] Datapath => Built("vrouter-dp/Fabric.Datapath.Host", "fabric-dp");

    public static string[] Broker => Built("tools/Fabric.Broker", "fabric-broker");

    public static string[] Cli => Built("tools/Fabric.Cli", "fabric");

    /// <summary>The topics of the stream.</summary>
    public static string Topics => Path.Combine(Repository, "schemas/analytics/topics.json");

    /// <summary>A script that belongs to the lab.</summary>
    public static string Script(string name) => Path.Combine(Repository, "tools/labs", name);

    // Through the dotnet that runs this program: it may be where no apphost would look for it.
    private static string[] Built(string project, string name) =>
        [
            Environment.ProcessPath is { } path && Path.GetFileName(path) == "dotnet" ? path : "dotnet",
            Path.Combine(Repository, project, "bin/Release/net10.0", $"{name}.dll"),
        ];

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Fabric.sln")))
            {
                return folder.FullName;
            }
        }

        throw new LabException($"{AppContext.BaseDirectory} is not inside the Fabric repository");
    }
}
