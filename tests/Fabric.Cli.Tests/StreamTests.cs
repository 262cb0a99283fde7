using Fabric.Analytics;
using Fabric.Cli.Nodes;
using Google.Protobuf;

namespace Fabric.Cli.Tests;

/// <summary>fabric stream: rows from the programs' journals.</summary>
public sealed class StreamTests
{
    private FakeFabric _fabric = null!;

    [SetUp]
    public void Begin() => _fabric = new FakeFabric();

    [TearDown]
    public async Task Stop() => await _fabric.DisposeAsync();

    public static IEnumerable<string> Topics() => Topic.All.Select(topic => topic.ShortName);

    [TestCaseSource(nameof(Topics))]
    public async Task A_row_is_a_line_of_words(string topic)
    {
        await StartAsync("control1", topic, TestFiles.Rows($"stream-{topic}"));

        var result = await _fabric.RunAsync($"stream {topic}");

        Assert.That(result, Is.EqualTo(new CliResult(0, TestFiles.Expected($"stream-{topic}"), "")));
    }

    [TestCaseSource(nameof(Topics))]
    public void A_stored_row_is_one_of_the_schema(string topic)
    {
        var parser = new JsonParser(JsonParser.Settings.Default);

        foreach (var row in TestFiles.Rows($"stream-{topic}").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Assert.That(() => parser.Parse(row, Topic.Find(topic)!.Message), Throws.Nothing);
        }
    }

    [Test]
    public async Task Programs_get_the_rows_as_they_came()
    {
        await StartAsync("control1", "sessions", TestFiles.Rows("stream-sessions"));

        Assert.That((await _fabric.RunAsync("stream fabric.sessions --json")).Output, Is.EqualTo(TestFiles.Rows("stream-sessions")));
    }

    [Test]
    public async Task Every_program_with_a_stream_is_read_and_those_without_one_are_passed_over()
    {
        await StartAsync("control1", "sessions", TestFiles.Rows("stream-sessions"));
        await StartAsync("control2", "sessions", TestFiles.Rows("stream-sessions").Replace("control1", "control2"));
        await _fabric.StartAsync("host1", NodeRole.Agent);

        var result = await _fabric.RunAsync("stream sessions");

        Assert.That(result.ExitCode, Is.Zero);
        Assert.That(
            result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split("  ")[1]),
            Is.EqualTo((string[])[.. Enumerable.Repeat("control1", 4), .. Enumerable.Repeat("control2", 4)])
        );
    }

    [Test]
    public async Task An_agent_is_read_as_a_control_node_is()
    {
        await StartAsync("control1", "flows", "");
        await _fabric.StartAsync("host1", NodeRole.Agent, ("/stream/flows", TestFiles.Rows("stream-flows")));

        Assert.That(await _fabric.RunAsync("stream flows"), Is.EqualTo(new CliResult(0, TestFiles.Expected("stream-flows"), "")));
    }

    [TestCase("stream sessions", "from=oldest&follow=false")]
    [TestCase("stream sessions --from 42", "from=42&follow=false")]
    [TestCase("stream sessions --follow", "from=latest&follow=true")]
    [TestCase("stream sessions --follow --from oldest", "from=oldest&follow=true")]
    public async Task The_programs_are_asked_for_what_is_wanted(string arguments, string query)
    {
        await StartAsync("control1", "sessions", "");

        await _fabric.RunAsync(arguments);

        Assert.That(_fabric.Requests, Is.EqualTo([$"GET /stream/sessions?{query}"]));
    }

    [Test]
    public async Task Following_prints_rows_as_they_come_and_an_interrupt_ends_it_well()
    {
        await _fabric.StartFollowedAsync("control1", NodeRole.Control, "/stream/sessions", TestFiles.Rows("stream-sessions") + "\n");
        using var output = new AwaitedLines(3);
        using var interrupt = new CancellationTokenSource();

        var running = _fabric.RunAsync("stream sessions --follow", output, interrupt.Token);
        await output.Come.WaitAsync(TimeSpan.FromSeconds(30));
        await interrupt.CancelAsync();

        Assert.That((await running, output.ToString()), Is.EqualTo((0, TestFiles.Expected("stream-sessions"))));
    }

    [Test]
    public async Task A_program_that_ends_the_stream_is_told_with_where_to_go_on()
    {
        const string End = """{"end":"too slow: 7 rows were gone before they could be read"}""";
        await StartAsync("control1", "sessions", TestFiles.Rows("stream-sessions") + End);

        var result = await _fabric.RunAsync("stream sessions --follow");

        Assert.That(result.Output, Is.EqualTo(TestFiles.Expected("stream-sessions")));
        Assert.That(
            (result.ExitCode, result.Error),
            Is.EqualTo(
                (
                    1,
                    "error: fabric-control of control1 ended the stream: too slow: 7 rows were gone before they could be read\n"
                        + "hint: see fabric status; fabric stream sessions --node control1 --from 44 goes on behind the last row\n"
                )
            )
        );
    }

    [Test]
    public async Task A_program_that_does_not_answer_hides_no_rows_of_the_others()
    {
        _fabric.LeaveDeadSocket("control1", NodeRole.Control);
        await StartAsync("control2", "sessions", TestFiles.Rows("stream-sessions"));

        var result = await _fabric.RunAsync("stream sessions");

        Assert.That((result.ExitCode, result.Output), Is.EqualTo((1, TestFiles.Expected("stream-sessions"))));
        Assert.That(result.Error, Does.StartWith("error: fabric-control of control1 does not answer: it has ended without closing"));
    }

    [Test]
    public async Task A_program_with_too_many_readers_says_so()
    {
        await _fabric.StartRefusingAsync("control1", NodeRole.Control, 503, "16 readers are here already; try again later\n");

        Assert.That(
            await _fabric.RunAsync("stream sessions"),
            Is.EqualTo(
                new CliResult(
                    1,
                    "",
                    "error: fabric-control of control1 refuses: 16 readers are here already; try again later\n"
                        + "hint: end another reader, or raise stream/followers in its options file\n"
                )
            )
        );
    }

    [Test]
    public async Task A_machine_without_a_stream_is_told_where_there_is_one()
    {
        await _fabric.StartAsync("host1", NodeRole.Agent);

        var result = await _fabric.RunAsync("stream sessions");

        Assert.That(
            (result.ExitCode, result.Error),
            Is.EqualTo(
                (
                    1,
                    "error: no program on this machine has a stream\n"
                        + "hint: fabric-control and fabric-agent have one: fabric status tells whether they run, and on which node\n"
                )
            )
        );
    }

    [Test]
    public async Task An_empty_journal_is_said_beside_the_output()
    {
        await StartAsync("control1", "drops", "");

        Assert.That(await _fabric.RunAsync("stream drops"), Is.EqualTo(new CliResult(0, "", "there is no row of fabric.drops\n")));
    }

    [TestCase("stream weather", "there is no topic 'weather'; known are flows, drops, routes, sessions, objects, alarms, audit")]
    [TestCase("stream sessions --from yesterday", "'yesterday' is not a sequence, oldest or latest")]
    public async Task What_makes_no_sense_is_wrong_usage(string arguments, string error)
    {
        var result = await _fabric.RunAsync(arguments);

        Assert.That(
            (result.ExitCode, result.Error),
            Is.EqualTo((2, $"error: {error}\nhint: fabric stream --help shows what can be said\n"))
        );
    }

    [Test]
    public async Task The_topics_are_listed_without_any_program() =>
        Assert.That(await _fabric.RunAsync("stream topics"), Is.EqualTo(new CliResult(0, TestFiles.Expected("stream-topics"), "")));

    [TestCase("--create")]
    [TestCase("--servers kafka1:9092")]
    public async Task Topics_are_created_at_servers_that_are_named(string arguments)
    {
        var result = await _fabric.RunAsync($"stream topics {arguments}");

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Error, Does.StartWith("error: --create and --servers HOST:PORT belong together\n"));
    }

    [Test]
    public async Task A_setting_that_librdkafka_does_not_know_is_said() =>
        Assert.That(
            await _fabric.RunAsync("stream topics --create --servers kafka1:9092 --set weather=fine"),
            Is.EqualTo(
                new CliResult(
                    1,
                    "",
                    "error: a setting is wrong: No such configuration property: \"weather\"\n"
                        + "hint: --set takes librdkafka's names and values\n"
                )
            )
        );

    [Test]
    public async Task Topics_are_offered() =>
        Assert.That(await _fabric.SuggestAsync("fabric stream "), Is.SupersetOf((string[])["sessions", "audit", "topics", "--follow"]));

    private Task StartAsync(string node, string topic, string rows) =>
        _fabric.StartAsync(node, NodeRole.Control, ($"/stream/{topic}", rows));

    private sealed class AwaitedLines(int count) : StringWriter
    {
        private readonly TaskCompletionSource _come = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _lines;

        /// <summary>All lines that are awaited are there.</summary>
        public Task Come => _come.Task;

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (++_lines == count)
            {
                _come.SetResult();
            }
        }
    }
}
