using Fabric.Cli.Nodes;

namespace Fabric.Cli.Tests;

public sealed class ObjectTests
{
    private FakeFabric _fabric = null!;

    [SetUp]
    public void Start() => _fabric = new FakeFabric();

    [TearDown]
    public async Task Stop() => await _fabric.DisposeAsync();

    [Test]
    public async Task A_list_has_the_objects_of_every_project()
    {
        await _fabric.StartAsync(
            "control1",
            NodeRole.Control,
            (
                "/v1/subnets",
                """[{"kind":"subnet","name":"red-subnet","project":"default-project","dns-servers":["10.1.0.2","9.9.9.9"],"dhcp":true}]"""
            )
        );

        var result = await _fabric.RunAsync("get subnets");

        Assert.That(_fabric.Requests, Is.EqualTo(["GET /v1/subnets"]));
        Assert.That(
            result.Output,
            Is.EqualTo(
                """
                NAME        PROJECT          DNS-SERVERS       DHCP
                red-subnet  default-project  10.1.0.2,9.9.9.9  yes

                """
            )
        );
    }

    /// <summary>A tenant writes what an operator's terminal shows: nothing of it is a command to that, or a line of its own.</summary>
    [TestCase("get bgp-routers", @"x\u001B[2J\u0007\u000Aroot")]
    [TestCase("stream audit", @"x\u001B[2J\u0007")]
    public async Task Control_characters_are_shown_and_not_sent_to_the_terminal(string arguments, string shown)
    {
        const string written = @"x\u001B[2J\u0007\nroot";
        await _fabric.StartAsync(
            "control1",
            NodeRole.Control,
            ("/v1/bgp-routers", $$"""[{"kind":"bgp-router","name":"gw","description":"{{written}}"}]"""),
            ("/stream/audit", $$"""{"envelope":{"node":"n"},"who":"w","kind":"bgp-router","name":"gw","refusal":"{{written}}"}""")
        );

        var result = await _fabric.RunAsync(arguments);

        Assert.That(result.Output, Does.Contain(shown));
        Assert.That(result.Output.Where(char.IsControl), Is.All.EqualTo('\n'));
    }

    [TestCase("get global-config default", "GET /v1/global-configs/default")]
    [TestCase("get bgp-routers", "GET /v1/bgp-routers")]
    [TestCase("get port red1 -p tenant", "GET /v1/ports/red1?project=tenant")]
    [TestCase("delete network-connection red-blue", "DELETE /v1/network-connections/red-blue")]
    public async Task A_kind_is_asked_at_its_path(string arguments, string request)
    {
        await _fabric.StartAsync("control1", NodeRole.Control);

        await _fabric.RunAsync(arguments);

        Assert.That(_fabric.Requests, Is.EqualTo([request]));
    }

    [Test]
    public async Task A_diff_names_the_members_that_would_change()
    {
        const string Answer = """
            {"revision":2,"changes":[
              {"action":"create","kind":"virtual-network","project":"default-project","name":"green","after":{"name":"green"}},
              {"action":"update","kind":"bgp-router","name":"gateway1","before":{"port":179,"hold-time":90},"after":{"port":179,"hold-time":30}}]}
            """;
        await _fabric.StartAsync("control1", NodeRole.Control, ("/v1/apply", Answer));
        using var file = new TemporaryFile("kind: virtual-network\nname: green\n");

        var result = await _fabric.RunAsync($"diff -f {file.Path}");

        Assert.That(_fabric.Requests, Is.EqualTo(["""POST /v1/apply?dry-run=true [{"kind":"virtual-network","name":"green"}]"""]));
        Assert.That(
            result.Output,
            Is.EqualTo(
                """
                virtual-network green would be created
                bgp-router gateway1 would be updated
                  hold-time: 90 -> 30
                nothing was changed: apply does

                """
            )
        );
    }

    [Test]
    public async Task A_refusal_has_every_error_with_its_next_step()
    {
        const string Answer = """
            {"type":"about:blank","title":"Invalid configuration","status":422,"detail":"2 errors; nothing was changed.","errors":[
              {"path":"$[0].network","message":"There is no network pink.","next-step":"Create it."},
              {"path":"$[1].port","message":"0 is no port.","next-step":"Use 1 to 65535."}]}
            """;
        await _fabric.StartAsync("control1", NodeRole.Control, ("/v1/apply", Answer));
        using var file = new TemporaryFile("[]");

        var result = await _fabric.RunAsync($"apply -f {file.Path}");

        Assert.That(
            result,
            Is.EqualTo(
                new CliResult(
                    1,
                    "",
                    """
                    error: Invalid configuration: 2 errors; nothing was changed.
                      $[0].network: There is no network pink.
                        hint: Create it.
                      $[1].port: 0 is no port.
                        hint: Use 1 to 65535.

                    """
                )
            )
        );
    }

    [Test]
    public async Task What_describe_shows_can_be_applied_again()
    {
        await _fabric.StartAsync(
            "control1",
            NodeRole.Control,
            (
                "/v1/security-groups/web",
                """{"kind":"security-group","name":"web","rules":[{"ports":"80","remote":"::/0","note":"a: b","stateful":true}],"id":7}"""
            )
        );

        var result = await _fabric.RunAsync("describe security-group web");

        Assert.That(
            result.Output,
            Is.EqualTo(
                """
                kind: security-group
                name: web
                rules:
                  - ports: "80"
                    remote: "::/0"
                    note: "a: b"
                    stateful: true
                id: 7

                """
            )
        );
    }
}
