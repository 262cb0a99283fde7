using System.Text;
using System.Text.Json;
using Fabric.Cli.Nodes;
using Fabric.Cli.Support;

namespace Fabric.Cli.Tests.Support;

public sealed class SupportBundleTests
{
    private const string Options = """
        # planted-comment
        node: host1
        uplink: eth0
        tls: { certificate: /tls/cert.pem, key: /tls/key.pem, authority: /tls/ca.pem }
        groups:
          edge: { as: 65001, password: "planted-group" }
        dynamic-neighbors:
          - { prefix: 10.0.0.0/8, Password: planted correct horse }
        stream: { sasl-credentials: { user: u, value: planted-nested }, broker: "kafka://me:planted-url@broker:9092" }
        api-token: [planted-one, planted-two]
        description: signed with planted-group
        """;

    // It begins inside of a key, as the end of a long log may.
    private const string Log = """
        planted/end
        -----END PRIVATE KEY-----
        neighbour edge1: refused
        the key is planted-group, and that of a prefix planted correct horse
        key 'groups.edge.password': 'planted-other' is not 1 to 80 octets
        Authorization: Bearer planted-bearer
        -----BEGIN EC PRIVATE KEY-----
        planted/pem
        -----END EC PRIVATE KEY-----
        secret_key=planted-assigned
        the last line

        """;

    private FakeFabric _fabric = null!;
    private string _file = "";

    [SetUp]
    public void Start()
    {
        _fabric = new FakeFabric();
        _file = Path.Combine(_fabric.RunDirectory, "bundle.tar.gz");
    }

    [TearDown]
    public async Task Stop() => await _fabric.DisposeAsync();

    [Test]
    public async Task A_bundle_has_a_programs_documents_metrics_options_process_and_log_and_the_kernels_view()
    {
        using var process = new FakeProcess(log: "Node host1 started\n");
        Listen(process, words => new Finding(Encoding.UTF8.GetBytes("said by " + string.Join(' ', words))));
        await _fabric.StartAsync(
            "host1",
            NodeRole.Datapath,
            ("/metrics", "fabric_dp_flows 20\n"),
            ("/inspect/status", TestFiles.Document("dp-status")),
            ("/inspect/flows", TestFiles.Document("dp-flows"))
        );

        var bundle = await TakeAsync();

        const string Folder = "nodes/host1/fabric-dp/";
        Assert.Multiple(() =>
        {
            Assert.That(bundle.Parts[Folder + "metrics.txt"], Is.EqualTo("fabric_dp_flows 20\n"));
            Assert.That(SameDocument(bundle.Parts[Folder + "inspect/flows.json"], TestFiles.Document("dp-flows")));
            Assert.That(bundle.Parts[Folder + "options.yaml"], Does.Contain("node: host1"));
            Assert.That(bundle.Parts[Folder + "log.txt"], Is.EqualTo("Node host1 started\n"));
            Assert.That(bundle.Parts[Folder + "process.json"], Does.Contain("2001-09-09T01:47:05").And.Contain("1234 kB"));
            Assert.That(
                bundle.Parts[Folder + "kernel/filters/tap-red1-ingress.txt"],
                Does.EndWith("tc -s filter show dev tap-red1 ingress")
            );
            Assert.That(bundle.Parts["machine/network/nft.txt"], Is.EqualTo("said by nft list ruleset"));
            Assert.That(bundle.Note(Folder + "inspect/labels.json"), Is.EqualTo("There is no such thing"));
        });
    }

    [Test]
    public async Task Of_a_control_node_each_neighbour_vrf_family_and_kind_of_object_is_there()
    {
        await _fabric.StartAsync(
            "control1",
            NodeRole.Control,
            ("/inspect/status", TestFiles.Document("control-status")),
            ("/inspect/vrfs", TestFiles.Document("control-vrfs")),
            ("/inspect/bgp/neighbors/gateway1", TestFiles.Document("control-bgp-neighbor")),
            ("/inspect/bgp/routes", TestFiles.Document("control-bgp-routes")),
            ("/inspect/routes", TestFiles.Document("control-routes")),
            ("/v1/virtual-networks", "[]")
        );

        var parts = (await TakeAsync()).Parts.Keys;

        const string Folder = "nodes/control1/fabric-control/";
        Assert.That(
            parts,
            Is.SupersetOf(
                (string[])
                    [
                        Folder + "inspect/bgp/neighbors/001-gateway1.json",
                        Folder + "inspect/bgp/routes-vpnv6.json",
                        Folder + "inspect/routes/001-default-domain_default-project_blue_blue.json",
                        Folder + "objects/virtual-networks.json",
                    ]
            )
        );
        Assert.That(_fabric.Requests, Does.Contain("GET /inspect/bgp/routes?family=vpnv6&limit=1000"));
    }

    [Test]
    public async Task No_secret_is_in_a_bundle_wherever_it_stood()
    {
        using var process = new FakeProcess(Options, Log, "--token", "planted-argument", "--api-password=planted-equal");
        Listen(
            process,
            _ => new Finding("ESTAB 10.0.0.1:179 md5keys:10.0.0.2/32=planted-md5\nhttp://u:planted-proxy@h/"u8.ToArray(), "planted-group")
        );
        await _fabric.StartAsync(
            "host1",
            NodeRole.Datapath,
            ("/metrics", "fabric_up{token=\"planted-label\"} 1\n"),
            (
                "/inspect/status",
                """{"node": "host1", "auth-key": "planted-json", "secrets": {"a": ["planted-deep", 7]}, "said": "password=planted-text"}"""
            ),
            ("/inspect/vifs", """{"title": "refused: planted-group", "type": "about:blank"}""")
        );

        var bundle = await TakeAsync();

        var leaks = bundle
            .Parts.Where(part => part.Value.Contains("planted", StringComparison.OrdinalIgnoreCase))
            .Select(part => part.Key + ": " + part.Value);
        Assert.That(leaks, Is.Empty);
        Assert.That(bundle.Parts["nodes/host1/fabric-dp/options.yaml"], Does.Contain("as: 65001").And.Contain("key: /tls/key.pem"));
        Assert.That(
            bundle.Parts["nodes/host1/fabric-dp/log.txt"],
            Does.Contain("neighbour edge1: refused\n").And.EndWith("\nthe last line\n")
        );
        Assert.That(bundle.Parts["machine/network/sockets.txt"], Does.StartWith("ESTAB 10.0.0.1:179 md5keys:"));
    }

    [Test]
    public async Task Options_that_are_no_yaml_are_left_out_since_nothing_can_judge_them()
    {
        using var process = new FakeProcess("password: \"planted\nnode: {");
        Listen(process, _ => Finding.Missing("not asked"));
        await _fabric.StartAsync("host1", NodeRole.Agent);

        var bundle = await TakeAsync();

        Assert.That(bundle.Parts.Keys, Does.Not.Contain("nodes/host1/fabric-agent/options.yaml"));
        Assert.That(bundle.Note("nodes/host1/fabric-agent/options.yaml"), Is.Not.Null.And.Not.Contain("planted"));
    }

    [Test]
    public async Task A_program_that_does_not_answer_is_waited_for_once_and_hides_no_other()
    {
        _fabric.Sources = _fabric.Sources with { Limits = new BundleLimits { Answer = TimeSpan.FromSeconds(2) } };
        await _fabric.StartStuckAsync("host1", NodeRole.Agent);
        _fabric.LeaveDeadSocket("host2", NodeRole.Agent);

        var bundle = await TakeAsync();

        Assert.That(_fabric.Requests, Is.EqualTo(["/metrics"]));
        Assert.That(
            bundle.Note("nodes/host1/fabric-agent/metrics.txt"),
            Is.EqualTo("fabric-agent of host1 does not answer: no answer within 2 s")
        );
        Assert.That(bundle.Note("nodes/host1/fabric-agent/inspect/ports.json"), Is.EqualTo("not asked for: the program was silent before"));
        Assert.That(bundle.Note("nodes/host2/fabric-agent/metrics.txt"), Does.Contain("it has ended without closing its socket"));
    }

    [Test]
    public async Task A_part_above_its_limit_is_cut_and_says_so()
    {
        var flows = TestFiles.Document("dp-flows");
        using var process = new FakeProcess(log: string.Concat(Enumerable.Range(1000, 1000).Select(number => $"line {number}\n")));
        Listen(process, _ => Finding.Missing("not asked"));
        _fabric.Sources = _fabric.Sources with
        {
            Limits = new BundleLimits { PartBytes = 1000, LogBytes = 1005 },
        };
        await _fabric.StartAsync("host1", NodeRole.Datapath, ("/inspect/flows", flows));

        var bundle = await TakeAsync();

        Assert.That(
            bundle.Note("nodes/host1/fabric-dp/inspect/flows.json"),
            Is.EqualTo($"cut: it is {Encoding.UTF8.GetByteCount(flows)} octets long")
        );
        Assert.That(JsonDocument.Parse(bundle.Parts["nodes/host1/fabric-dp/inspect/flows.json"]), Is.Not.Null);
        Assert.That(bundle.Parts["nodes/host1/fabric-dp/log.txt"], Does.StartWith("line 1900\n").And.EndsWith("line 1999\n"));
    }

    [Test]
    public async Task The_file_is_its_owners_alone_and_its_path_is_the_output()
    {
        await _fabric.StartAsync("host1", NodeRole.Agent, ("/metrics", "fabric_agent_up 1\n"));

        var result = await _fabric.RunAsync($"support-bundle --output {_file}");

        Assert.That((result.ExitCode, result.Output), Is.EqualTo((0, _file + "\n")));
        Assert.That(result.Error, Does.Contain("nodes/host1/fabric-agent/metrics.txt: 18 octets\n"));
        Assert.That(result.Error, Does.Contain("machine/kernel.txt: not taken: uname is not asked\n"));
        Assert.That(File.GetUnixFileMode(_file), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That(_file + ".part", Does.Not.Exist);
    }

    [Test]
    public async Task Named_nodes_are_looked_at_alone()
    {
        foreach (var node in (string[])["host1", "host2", "host3"])
        {
            await _fabric.StartAsync(node, NodeRole.Agent);
        }

        var bundle = await TakeAsync("--node host1 --node host3");

        Assert.That(bundle.Manifest.GetProperty("nodes").EnumerateArray().Select(node => node.GetString()), Is.EqualTo(["host1", "host3"]));
    }

    [Test]
    public async Task A_node_that_is_not_here_is_refused()
    {
        var result = await _fabric.RunAsync($"support-bundle --output {_file} --node nowhere");

        Assert.That((result.ExitCode, File.Exists(_file)), Is.EqualTo((1, false)));
        Assert.That(result.Error, Does.StartWith("error: no Fabric process runs as node nowhere\n"));
    }

    [Test]
    public async Task Where_nothing_runs_the_machine_is_looked_at_all_the_same()
    {
        Assert.That((await TakeAsync()).Note("machine/kernel.txt"), Is.EqualTo("uname is not asked"));
    }

    private static bool SameDocument(string one, string other) =>
        JsonElement.DeepEquals(JsonDocument.Parse(one).RootElement, JsonDocument.Parse(other).RootElement);

    private void Listen(FakeProcess process, Func<IReadOnlyList<string>, Finding> run) =>
        _fabric.Sources = new BundleSources { ProcessDirectory = process.Folder, Run = (words, _, _) => Task.FromResult(run(words)) };

    private async Task<Unpacked> TakeAsync(string arguments = "")
    {
        var result = await _fabric.RunAsync($"support-bundle --output {_file} {arguments}".TrimEnd());
        Assert.That(result.ExitCode, Is.EqualTo(0), result.Error);
        return new Unpacked(_file);
    }
}
