using System.Net.Http.Json;
using System.Net.Sockets;

namespace Fabric.Bench.Candidates;

/// <summary>Fabric's own control node. Its neighbours are objects of the API; nothing else here knows how it is configured.</summary>
internal sealed class FabricControl(string program) : Candidate("ours")
{
    private static readonly string[] s_families = ["vpnv4"];
    private static readonly TimeSpan s_startTime = TimeSpan.FromSeconds(20);

    public override string? Missing => MissingFile(program);

    public override DaemonProcess Start(CandidateSetup setup)
    {
        var daemon = DaemonProcess.Start(setup.PathOf("log"), [program, "--config", setup.Write("control.yaml", Configuration(setup))]);
        try
        {
            ApplyAsync(setup, daemon).GetAwaiter().GetResult();
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
            xmpp-port: {setup.Listen.Port + 1}
            api: null
            run-dir: {setup.PathOf("run")}
            state-dir: {setup.PathOf("state")}

            """;

    private static async Task ApplyAsync(CandidateSetup setup, DaemonProcess daemon)
    {
        using var client = new HttpClient(
            new SocketsHttpHandler
            {
                ConnectCallback = async (_, cancellation) =>
                {
                    var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                    try
                    {
                        await socket.ConnectAsync(new UnixDomainSocketEndPoint(setup.PathOf("run/api.sock")), cancellation);
                        return new NetworkStream(socket, ownsSocket: true);
                    }
                    catch
                    {
                        socket.Dispose();
                        throw;
                    }
                },
            }
        );
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
        for (var deadline = DateTime.UtcNow + s_startTime; ; await Task.Delay(20))
        {
            try
            {
                using var response = await client.PostAsJsonAsync("http://localhost/v1/apply", neighbors);
                if (!response.IsSuccessStatusCode)
                {
                    throw new BenchException($"fabric-control refuses its neighbours: {await response.Content.ReadAsStringAsync()}");
                }

                return;
            }
            catch (HttpRequestException) when (DateTime.UtcNow < deadline && !daemon.HasExited)
            {
                // Its socket is not there yet.
            }
        }
    }
}
