namespace Fabric.Bench.Candidates;

internal sealed class GoBgp() : Candidate("gobgp")
{
    private const string Program = "/usr/bin/gobgpd";

    public override string? Missing => MissingFile(Program);

    public override int MaxRoutes => 100_000;

    public override DaemonProcess Start(CandidateSetup setup) =>
        DaemonProcess.Start(
            setup.PathOf("log"),
            [Program, "-f", setup.Write("gobgpd.toml", Configuration(setup)), "--api-hosts", $"unix://{setup.PathOf("api")}", "-l", "error"]
        );

    private static string Configuration(CandidateSetup setup) =>
        $"""
            [global.config]
            as = {As}
            router-id = "{CandidateSetup.Identifier}"
            port = {setup.Listen.Port}
            local-address-list = ["{setup.Listen.Address}"]

            {Lines(setup, (address, _) => Neighbor(address))}

            """;

    private static string Neighbor(System.Net.IPAddress address) =>
        $"""
            [[neighbors]]
            [neighbors.config]
            neighbor-address = "{address}"
            peer-as = {As}
            [neighbors.transport.config]
            passive-mode = true
            [neighbors.timers.config]
            hold-time = {HoldTime}
            keepalive-interval = 1200
            [neighbors.route-reflector.config]
            route-reflector-client = true
            route-reflector-cluster-id = "{CandidateSetup.Identifier}"
            [[neighbors.afi-safis]]
            [neighbors.afi-safis.config]
            afi-safi-name = "l3vpn-ipv4-unicast"

            """;
}
