using System.Net;

namespace Fabric.Bench.Candidates;

/// <summary>Fabric's own control node. Its neighbours are objects of the API; nothing else here knows how it is configured.</summary>
internal sealed class FabricControl(string program) : Candidate("ours")
{
    private static readonly string[] s_families = ["vpnv4"];
    private static readonly TimeSpan s_startTime = TimeSpan.FromSeconds(20);

    public override string? Missing => MissingFile(program);

    /// <summary>Where it listens for agents.</summary>
    public static IPEndPoint AgentsOf(CandidateSetup setup) => new(setup.Listen.Address, setup.Listen.Port + 1);

    public static FabricApi ApiOf(CandidateSetup setup) => new(setup.PathOf("run/api.sock"));

    public override int? CountFullCollections(CandidateSetup setup)
    {
        using var api = ApiOf(setup);
        return api.CountFullCollections();
    }

    public override DaemonProcess Start(CandidateSetup setup)
    {
        var daemon = DaemonProcess.Start(setup.PathOf("log"), [program, "--config", setup.Write("control.yaml", Configuration(setup))]);
        try
        {
            ApplyNeighbors(setup, daemon);
            return daemon;
        }
        catch
        {
            daemon.Dispose();
            throw;
        }
    }

    private static string Configuration(CandidateSetup setup) =>
        $"""
            node: bench
            router-id: {CandidateSetup.Identifier}
            cluster-id: {CandidateSetup.Identifier}
            as: {As}
            listen: {setup.Listen.Address}
            bgp-port: {setup.Listen.Port}
            xmpp-port: {AgentsOf(setup).Port}
            xmpp-hold-time: {HoldTime}
            api: null
            run-dir: {setup.PathOf("run")}
            state-dir: {setup.PathOf("state")}

            """;

    private static void ApplyNeighbors(CandidateSetup setup, DaemonProcess daemon)
    {
        using var api = ApiOf(setup);
        var neighbors = setup.Clients.Select(address => new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["kind"] = "bgp-router",
            ["name"] = $"client-{address}",
            ["address"] = $"{address}",
            ["families"] = s_families,
            ["passive"] = true,
            ["hold-time"] = HoldTime,
            ["route-reflector-client"] = true,
        });
        for (var deadline = DateTime.UtcNow + s_startTime; ; Thread.Sleep(20))
        {
            try
            {
                api.Apply(neighbors);
                return;
            }
            catch (HttpRequestException) when (DateTime.UtcNow < deadline && !daemon.HasExited)
            {
                // Its socket is not there yet.
            }
            catch (HttpRequestException exception)
            {
                throw new BenchException(daemon.Explain($"fabric-control does not answer: {exception.Message}"), exception);
            }
        }
    }
}
