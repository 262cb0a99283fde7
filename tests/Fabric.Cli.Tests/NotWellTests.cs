using System.CommandLine;
using System.Text.Json;
using Fabric.Cli.Commands;
using Fabric.Cli.Nodes;

namespace Fabric.Cli.Tests;

public sealed class NotWellTests
{
    // EPIPE and ENOSPC of Linux.
    private const int BrokenPipe = 32;
    private const int NoSpace = 28;

    private FakeFabric _fabric = null!;

    [SetUp]
    public void Start() => _fabric = new FakeFabric();

    [TearDown]
    public async Task Stop() => await _fabric.DisposeAsync();

    [Test]
    public async Task A_lost_session_stands_with_its_reason_and_a_hint_and_the_exit_code_is_1()
    {
        await _fabric.StartAsync("control1", NodeRole.Control, ("/inspect/status", TestFiles.Document("control-status-not-well")));

        var result = await _fabric.RunAsync("status");

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(
            result.Output,
            Does.EndWith(
                """
                not well:
                  control1 fabric-control: neighbour gateway1: Hold Timer Expired
                    hint: is a BGP speaker listening at 192.0.2.21:179, with this node as its neighbour in AS 64512?
                  control1 fabric-control: agent host1: asks for 1 VRF in which its host has no port: default-domain:default-project:blue:blue
                    hint: it is told nothing of it; bind a port to the host if it belongs there, else see what asks on that host
                  control1 fabric-control: agent host2: the connection was closed
                    hint: is fabric-agent running there? its routes are kept for the restart time
                  control1 fabric-control: agent host2: is restarting: its routes are kept as stale
                    hint: they go at its End-of-RIB, or when its restart time is over

                """
            )
        );
    }

    [Test]
    public async Task A_neighbour_that_no_session_comes_about_with_shows_why_and_how_often()
    {
        var refused = TestFiles
            .Document("control-bgp-neighbor")
            .Replace("\"Established\"", "\"Idle\"", StringComparison.Ordinal)
            .Replace("\"reason\": null", "\"reason\": \"sent OPEN message error: bad peer AS\"", StringComparison.Ordinal)
            .Replace("\"last-end\": null", "\"last-end\": \"sent OPEN message error: bad peer AS\"", StringComparison.Ordinal)
            .Replace("\"failed-attempts\": 0", "\"failed-attempts\": 12", StringComparison.Ordinal);
        await _fabric.StartAsync("control1", NodeRole.Control, ("/inspect/bgp/neighbors/gw2", refused));

        var result = await _fabric.RunAsync("bgp neighbor gw2");

        Assert.That(
            result.Output,
            Does.Contain(
                """
                  Not established: sent OPEN message error: bad peer AS
                  Last reset: sent OPEN message error: bad peer AS
                  Attempts in a row that a NOTIFICATION ended: 12

                """
            )
        );
    }

    [Test]
    public async Task The_folder_of_one_node_finds_its_programs_as_the_folder_above_does()
    {
        await _fabric.StartAsync("host1", NodeRole.Datapath, ("/inspect/status", TestFiles.Document("dp-status")));
        using var output = new StringWriter();

        var exitCode = await FabricCommand.RunAsync(
            ["--run-dir", $"{_fabric.RunDirectory}/host1/", "status"],
            new InvocationConfiguration { Output = output, Error = output }
        );

        Assert.That(exitCode, Is.EqualTo(FabricCommand.Failed), "its agent does not run");
        Assert.That(output.ToString(), Does.Match(@"host1 +fabric-agent +(.*\n)+host1 +fabric-dp +well"));
    }

    [Test]
    public async Task An_output_that_cannot_be_written_is_an_error_in_one_line()
    {
        await _fabric.StartAsync("host1", NodeRole.Datapath, ("/inspect/status", TestFiles.Document("dp-status")));
        using var output = new FailingOutput("No space left on device", NoSpace);
        using var error = new StringWriter();

        var exitCode = await FabricCommand.RunAsync(
            ["--run-dir", _fabric.RunDirectory, "status"],
            new InvocationConfiguration { Output = output, Error = error }
        );

        Assert.That((exitCode, error.ToString()), Is.EqualTo((1, "error: the output cannot be written: No space left on device\n")));
    }

    /// <summary>As behind "fabric flows --follow | head -1", which would else never end.</summary>
    [TestCase("status")]
    [TestCase("status --help")]
    public async Task A_reader_that_has_had_enough_ends_the_command_in_silence(string arguments)
    {
        await _fabric.StartAsync("host1", NodeRole.Datapath, ("/inspect/status", TestFiles.Document("dp-status")));
        using var output = new FailingOutput("Broken pipe", BrokenPipe);

        Assert.That(await _fabric.RunAsync(arguments, output, CancellationToken.None), Is.Zero);
    }

    [Test]
    public async Task A_dump_into_a_folder_that_is_not_there_is_an_error_in_one_line()
    {
        await _fabric.StartAsync("control1", NodeRole.Control, ("/inspect/bgp/dump", "MRT"));

        var result = await _fabric.RunAsync("bgp dump /nonexistent/rib.mrt");

        Assert.That(result, Is.EqualTo(new CliResult(1, "", "error: Could not find a part of the path '/nonexistent/rib.mrt.part'.\n")));
    }

    [Test]
    public async Task A_killed_program_is_down_and_hides_no_other()
    {
        await _fabric.StartAsync("host1", NodeRole.Datapath, ("/inspect/status", TestFiles.Document("dp-status")));
        _fabric.LeaveDeadSocket("host1", NodeRole.Agent);

        var result = await _fabric.RunAsync("status");

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Output, Does.Contain("fabric-agent  down").And.Contain("fabric-dp     well"));
        Assert.That(result.Output, Does.Contain("fabric-agent of host1 does not answer: it has ended without closing its socket"));
    }

    [Test]
    public async Task A_data_plane_that_its_agent_sees_stuck_is_not_well()
    {
        var stuck = TestFiles
            .Document("agent-status")
            .Replace("\"stuck\": false", "\"stuck\": true", StringComparison.Ordinal)
            .Replace("\"silent-seconds\": 0", "\"silent-seconds\": 7", StringComparison.Ordinal);
        await _fabric.StartAsync("host1", NodeRole.Agent, ("/inspect/status", stuck));

        var result = await _fabric.RunAsync("status");

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Output, Does.Contain("fabric-dp").And.Contain("stuck"));
        Assert.That(
            result.Output,
            Does.Contain("data plane: has given no sign of life for 7 s: established flows go on, but nothing new is set up")
        );
    }

    [Test]
    public async Task A_data_plane_that_left_out_entries_is_not_well()
    {
        var faulty = TestFiles
            .Document("agent-status")
            .Replace(
                "\"applied-generation\": 4",
                "\"applied-generation\": 4, \"reason\": \"vif 1: a MAC address of 5 octets\"",
                StringComparison.Ordinal
            )
            .Replace("\"in-sync\": true", "\"in-sync\": false", StringComparison.Ordinal);
        await _fabric.StartAsync("host1", NodeRole.Agent, ("/inspect/status", faulty));

        var result = await _fabric.RunAsync("status");

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Output, Does.Contain("data plane: has left out entries of its tables: vif 1: a MAC address of 5 octets"));
    }

    [Test]
    public async Task A_host_without_an_agent_is_not_well()
    {
        await _fabric.StartAsync("host1", NodeRole.Datapath, ("/inspect/status", TestFiles.Document("dp-status")));

        var result = await _fabric.RunAsync("status --json");

        var agent = JsonDocument.Parse(result.Output).RootElement.GetProperty("programs")[0];
        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(agent.GetProperty("state").GetString(), Is.EqualTo("down"));
        Assert.That(
            agent.GetProperty("problems")[0].GetProperty("reason").GetString(),
            Is.EqualTo("fabric-agent of host1 does not answer: it does not run")
        );
    }

    [Test]
    public async Task Of_two_hosts_the_one_that_answers_is_shown()
    {
        await _fabric.StartAsync("host2", NodeRole.Datapath, ("/inspect/drops", TestFiles.Document("dp-drops")));
        _fabric.LeaveDeadSocket("host1", NodeRole.Datapath);

        var result = await _fabric.RunAsync("drops");

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Output, Does.StartWith("-- host2\n").And.Contain("web/default-deny"));
        Assert.That(result.Error, Does.StartWith("error: fabric-dp of host1 does not answer").And.Contain("\nhint: "));
    }

    [Test]
    public async Task A_vrf_that_no_host_has_is_refused_with_a_hint()
    {
        await _fabric.StartAsync("host1", NodeRole.Datapath, ("/inspect/vrfs", TestFiles.Document("dp-vrfs")));

        var result = await _fabric.RunAsync("rt --vrf green");

        Assert.That(
            result,
            Is.EqualTo(
                new CliResult(
                    1,
                    "",
                    """
                    error: no data plane here has a VRF green
                    hint: a host has a VRF while it has a port in it: fabric vrfs lists them

                    """
                )
            )
        );
    }

    [Test]
    public async Task A_machine_without_programs_says_where_it_looked()
    {
        var result = await _fabric.RunAsync("status");

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Error, Does.StartWith("error: no Fabric process runs on this machine\nhint: looked for sockets in RUN/*"));
    }

    [TestCase("bgp nonsense", "error: 'nonsense' is not known here\nhint: fabric bgp --help shows what can be said\n")]
    [TestCase("routes", "error: Option '--vrf' is required.\nhint: fabric routes --help shows what can be said\n")]
    [TestCase(
        "bgp vpnv4 10.1.0.300",
        "error: '10.1.0.300' is not an address or a prefix such as 10.1.0.3/32\nhint: fabric bgp vpnv4 --help shows what can be said\n"
    )]
    public async Task Wrong_usage_ends_with_exit_code_2(string arguments, string error)
    {
        var result = await _fabric.RunAsync(arguments);

        Assert.That(result, Is.EqualTo(new CliResult(2, "", error)));
    }

    private sealed class FailingOutput(string reason, int code) : StringWriter
    {
        public override void Write(char value) => throw new IOException(reason, code);

        public override void Write(string? value) => Write(' ');

        public override void Write(char[] buffer, int index, int count) => Write(' ');

        public override void WriteLine(string? value) => Write(' ');
    }
}
