namespace Fabric.Bench.Candidates;

internal sealed class Bird() : Candidate("bird")
{
    private const string Program = "/usr/sbin/bird";

    public override string? Missing => MissingFile(Program);

    public override DaemonProcess Start(CandidateSetup setup) =>
        DaemonProcess.Start(
            setup.PathOf("log"),
            [Program, "-f", "-c", setup.Write("bird.conf", Configuration(setup)), "-s", setup.PathOf("ctl"), "-P", setup.PathOf("pid")]
        );

    // A VPN route's next hop has to be resolved by the IPv4 table: one static route does.
    private static string Configuration(CandidateSetup setup) =>
        $$"""
            router id {{CandidateSetup.Identifier}};
            log stderr { error, fatal, bug };
            vpn4 table vpntable;
            protocol device { }
            protocol static { ipv4; route 192.0.2.0/24 via "lo"; }
            template bgp load {
              local {{setup.Listen.Address}} port {{setup.Listen.Port}} as {{As}};
              multihop;
              passive;
              hold time {{HoldTime}};
              rr client;
              rr cluster id {{CandidateSetup.Identifier}};
              vpn4 mpls { table vpntable; import all; export all; };
            }
            {{Lines(setup, (address, number) => $"protocol bgp client{number} from load {{ neighbor {address} as {As}; }}")}}

            """;
}
