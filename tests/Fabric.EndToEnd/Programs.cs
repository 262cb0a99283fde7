namespace Fabric.EndToEnd;

/// <summary>Where the built programs are: beside this test's own build, in the same configuration.</summary>
internal static class Programs
{
    public static string Control => Find("controller/Fabric.Controller", "fabric-control.dll");

    public static string Agent => Find("vrouter-agent/Fabric.Agent", "fabric-agent.dll");

    public static string DataPlane => Find("vrouter-dp/Fabric.Datapath.Host", "fabric-dp.dll");

    public static string Cli => Find("tools/Fabric.Cli", "fabric.dll");

    /// <summary>What operators are given for Prometheus and Grafana.</summary>
    public static string Monitoring => Path.Combine(Repository, "tools/monitoring");

    public static string MetricsPage => Path.Combine(Repository, "docs/metrics.md");

    // .../tests/Fabric.EndToEnd/bin/CONFIGURATION/net10.0/
    private static DirectoryInfo Own => new(TestContext.CurrentContext.TestDirectory);

    private static string Repository => Own.Parent!.Parent!.Parent!.Parent!.Parent!.FullName;

    private static string Find(string project, string assembly) =>
        Path.Combine(Repository, project, "bin", Own.Parent!.Name, Own.Name, assembly);
}
