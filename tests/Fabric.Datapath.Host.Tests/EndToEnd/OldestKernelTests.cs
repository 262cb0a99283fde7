using Fabric.Model.Datapath;
using Fabric.Testing.Guests;

namespace Fabric.Datapath.Host.Tests.EndToEnd;

/// <summary>fabric-dp on the oldest kernel that it supports (Debian 12's 6.1), in a guest with two hosts in namespaces. Needs root and the guest kernel.</summary>
[Category("Privileged")]
[NonParallelizable]
public sealed class OldestKernelTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);

    private string _report = null!;

    [OneTimeSetUp]
    public void Run()
    {
        using var guest = new Guest { MemoryMegabytes = 2048, Processors = 2 };
        guest.AddModules("sch_ingress", "cls_bpf", "veth", "tun", "nf_tables");
        guest.Files.AddDotnet(withWeb: true);
        guest.Files.AddTree(AppContext.BaseDirectory, "/fabric");
        guest.Files.AddProgram("/usr/sbin/ip");
        guest.Files.AddProgram("/usr/sbin/nft");
        guest.Files.AddProgram("/usr/bin/perl");
        guest.Files.AddTree("/usr/lib/x86_64-linux-gnu/perl-base", "/usr/lib/x86_64-linux-gnu/perl-base");
        guest.Files.AddProgram("/usr/lib/x86_64-linux-gnu/libbpf.so.1");
        AddHost(guest, "host1", InMemoryAgent.Frame(new Envelope { Batch = TwoHosts.Tables1() }));
        AddHost(guest, "host2", InMemoryAgent.Frame(new Envelope { Batch = TwoHosts.Tables2() }));
        guest.Files.AddText("/talk.pl", Talk);
        guest.Files.AddText("/send.pl", Send);
        guest.Files.AddText("/receive.pl", Receive);
        guest.Files.AddProgram("/usr/sbin/ethtool");
        AddMessages(guest, "first", HostileLargePackets.First);
        AddMessages(guest, "large", HostileLargePackets.Large);
        guest.Start(
            Script.Replace("LAST_MARK", $"{HostileLargePackets.FirstMark + HostileLargePackets.Count - 1}", StringComparison.Ordinal)
        );
        _report = guest.WaitForEnd(_patience);
    }

    [Test]
    public void Its_kernel_takes_the_programs() =>
        Assert.That(_report, Does.Contain("The kernel's programs are loaded (clsact)").And.Contain("6.1."));

    [Test]
    public void Packets_cross_two_hosts_and_the_programs_forward_them()
    {
        Assert.That(_report, Does.Contain("100 packets received"));
        Assert.That(Hits(), Is.All.GreaterThan(90));
    }

    // What the kernel that this runs on takes or not is held by tests of the programs themselves (HostileOffloadTests).
    [TestCase("on")]
    [TestCase("off")]
    public void A_large_packet_comes_out_where_its_checksum_goes_where_it_belongs_and_else_never(string cutting)
    {
        var ports = PortsReceived(cutting).ToList();
        Assert.That(ports, Does.Contain(HostileLargePackets.HonestPort), _report);
        Assert.That(
            ports.Where(static port => port != HostileLargePackets.HonestPort),
            Is.EqualTo(Enumerable.Range(HostileLargePackets.FirstMark, HostileLargePackets.Count))
        );
    }

    private IEnumerable<int> PortsReceived(string cutting) =>
        _report
            .Split('\n', StringSplitOptions.TrimEntries)
            .Where(line => line.StartsWith($"{cutting} received ", StringComparison.Ordinal))
            .Select(static line => int.Parse(line.AsSpan(line.LastIndexOf(' ') + 1)));

    private IEnumerable<int> Hits() =>
        _report.Split("\"hits\":").Skip(1).Select(static rest => int.Parse(rest.AsSpan(0, rest.IndexOf(',', StringComparison.Ordinal))));

    // A line each.
    private static void AddMessages(Guest guest, string name, IEnumerable<byte[]> messages) =>
        guest.Files.AddText($"/{name}.messages", string.Concat(messages.Select(static message => Convert.ToHexString(message) + "\n")));

    private static void AddHost(Guest guest, string name, byte[] tables)
    {
        guest.Files.AddText($"/{name}.yaml", $"node: {name}\nuplink: eth0\nrun-dir: /run/fabric/{name}\napi: null\n");
        guest.Files.AddBytes($"/{name}.tables", tables);
    }

    // Sends a file to a unix socket and prints what comes back.
    private const string Talk = """
        use Socket;
        socket(my $socket, PF_UNIX, SOCK_STREAM, 0) || die "socket: $!\n";
        connect($socket, sockaddr_un($ARGV[0])) || die "$ARGV[0]: $!\n";
        open(my $file, "<", $ARGV[1]) || die; binmode($file);
        my $text = join("", <$file>);
        syswrite($socket, $text);
        sysread($socket, my $answer, 65536);
        $answer =~ s/[^\x20-\x7e]/ /g;
        print "$answer\n";
        """;

    // AF_PACKET with PACKET_VNET_HDR on eth0. What the kernel refuses is refused.
    private const string Open = """
        use Socket;
        socket(my $socket, 17, SOCK_RAW, 0) || die "socket: $!\n";
        setsockopt($socket, 263, 15, pack("i", 1)) || die "PACKET_VNET_HDR: $!\n";
        open(my $index, "<", "/sys/class/net/eth0/ifindex") || die;
        bind($socket, pack("SniSCCa8", 17, 0x0800, <$index>, 0, 0, 0, "")) || die "bind: $!\n";

        """;

    private const string Send = $$"""
        {{Open}}
        open(my $messages, "<", $ARGV[0]) || die;
        while (<$messages>) { chomp; send($socket, pack("H*", $_), 0); }
        """;

    // Prints the port of each frame, until two seconds after that of the last one.
    private const string Receive = $$"""
        {{Open}}
        $| = 1;
        print "$ARGV[0] listens\n";
        my ($message, $patience) = ("", 60);
        while (setsockopt($socket, SOL_SOCKET, SO_RCVTIMEO, pack("q2", $patience, 0)) && defined(recv($socket, $message, 65536, 0))) {
            my $port = unpack("n", substr($message, 46, 2));
            print "$ARGV[0] received ", length($message), " to $port\n";
            $patience = 2 if $port == $ARGV[1];
        }
        """;

    private const string Script = """
        uname -r
        mount -t tmpfs tmpfs /run
        mkdir -p /run/netns /usr/share/dotnet
        export DOTNET_ROOT=/usr/share/dotnet DOTNET_EnableDiagnostics=0 DOTNET_TieredCompilation=1
        ip=/usr/sbin/ip
        for n in host1 host2 a b c; do $ip netns add $n; $ip -n $n link set lo up; done
        $ip -n host1 link add eth0 type veth peer name eth0 netns host2
        $ip -n host1 addr add 192.0.2.1/24 dev eth0; $ip -n host2 addr add 192.0.2.2/24 dev eth0
        $ip -n host1 link set eth0 up; $ip -n host2 link set eth0 up
        plug() { # VM HOST DEVICE MAC ADDRESS
            $ip -n $2 link add $3 type veth peer name eth0 netns $1
            $ip -n $1 link set eth0 address $4
            $ip -n $1 link set eth0 up
            $ip -n $1 addr add $5/24 dev eth0
        }
        plug a host1 tap1 02:00:00:00:00:0a 10.1.0.3
        $ip -n host1 link add tap2 type veth peer name eth0 netns c
        $ip -n c link set eth0 address 02:00:00:00:00:0c
        $ip -n c link set eth0 up
        plug b host2 tap1 02:00:00:00:00:0b 10.1.0.5
        for host in host1 host2; do
            nsenter --net=/run/netns/$host /usr/share/dotnet/dotnet /fabric/fabric-dp.dll --config /$host.yaml > /tmp/$host.log 2>&1 &
        done
        for host in host1 host2; do
            for i in $(seq 240); do [ -S /run/fabric/$host/dp.sock ] && break; sleep 1; done
            [ -S /run/fabric/$host/dp.sock ] || { cat /tmp/$host.log; break; }
            perl /talk.pl /run/fabric/$host/dp.sock /$host.tables
        done
        for i in $(seq 20); do $ip netns exec a ping -c 1 -W 1 10.1.0.5 > /dev/null && break; done
        $ip netns exec a ping -c 100 -i 0.02 -w 20 10.1.0.5
        for cutting in on off; do
            $ip netns exec host1 ethtool -K tap2 tx $cutting tso $cutting gso $cutting
            $ip netns exec a perl /send.pl /first.messages
            $ip netns exec c perl /receive.pl $cutting LAST_MARK > /tmp/$cutting & receiver=$!
            for i in $(seq 60); do grep -q listens /tmp/$cutting && break; sleep 1; done
            $ip netns exec a perl /send.pl /large.messages
            wait $receiver
            cat /tmp/$cutting
        done
        printf 'GET /inspect/status HTTP/1.0\r\n\r\n' > /tmp/request
        for host in host1 host2; do perl /talk.pl /run/fabric/$host/dp-api.sock /tmp/request; done
        cat /tmp/host1.log
        """;
}
