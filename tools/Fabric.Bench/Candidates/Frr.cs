namespace Fabric.Bench.Candidates;

/// <summary>FRR's bgpd alone: without zebra, and with nothing for the kernel.</summary>
internal sealed class Frr() : Candidate("frr")
{
    private const string Program = "/usr/lib/frr/bgpd";

    public override string? Missing => MissingFile(Program);

    public override DaemonProcess Start(CandidateSetup setup) =>
        DaemonProcess.Start(
            setup.PathOf("log"),
            [
                Program,
                "--skip_runas",
                "-n",
                "-Z",
                "-f",
                setup.Write("bgpd.conf", Configuration(setup)),
                "-p",
                $"{setup.Listen.Port}",
                "-l",
                $"{setup.Listen.Address}",
                "-i",
                setup.PathOf("pid"),
                "--vty_socket",
                setup.Directory,
                "-P",
                "0",
                "--log",
                "stdout",
                "--log-level",
                "errors",
            ]
        );

    private static string Configuration(CandidateSetup setup) =>
        $"""
            frr defaults datacenter
            router bgp {As}
             bgp router-id {CandidateSetup.Identifier}
             bgp cluster-id {CandidateSetup.Identifier}
             no bgp default ipv4-unicast
             timers bgp 1200 {HoldTime}
             neighbor clients peer-group
             neighbor clients remote-as {As}
             neighbor clients passive
            {Lines(setup, (address, _) => $" neighbor {address} peer-group clients")}
             address-family ipv4 vpn
              neighbor clients activate
              neighbor clients route-reflector-client
             exit-address-family

            """;
}
