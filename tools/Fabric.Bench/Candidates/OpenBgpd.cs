namespace Fabric.Bench.Candidates;

internal sealed class OpenBgpd() : Candidate("openbgpd")
{
    private const string Program = "/usr/sbin/bgpd";

    // Its children change their root to their user's home, which Debian's package leaves to the service manager to make.
    private const string Home = "/run/openbgpd";

    public override bool WithdrawsVpnRoutes => false;

    public override string? Missing => MissingFile(Program);

    public override DaemonProcess Start(CandidateSetup setup)
    {
        Directory.CreateDirectory(Home);
        var file = setup.Write("bgpd.conf", Configuration(setup));
        // It refuses a configuration that others may read.
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return DaemonProcess.Start(setup.PathOf("log"), [Program, "-d", "-f", file]);
    }

    private static string Configuration(CandidateSetup setup) =>
        $$"""
            AS {{As}}
            router-id {{CandidateSetup.Identifier}}
            listen on {{setup.Listen.Address}} port {{setup.Listen.Port}}
            socket "{{setup.PathOf("control")}}"
            fib-update no
            holdtime {{HoldTime}}
            group "clients" {
              remote-as {{As}}
              local-address {{setup.Listen.Address}}
              passive
              route-reflector {{CandidateSetup.Identifier}}
              announce IPv4 none
              announce IPv6 none
              announce IPv4 vpn
            {{Lines(setup, (address, _) => $"  neighbor {address}")}}
            }
            allow from any
            allow to any

            """;
}
