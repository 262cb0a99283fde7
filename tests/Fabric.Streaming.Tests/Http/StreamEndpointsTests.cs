using System.Net;
using System.Text.Json.Nodes;
using Fabric.Analytics;
using Fabric.Testing;

namespace Fabric.Streaming.Tests.Http;

[TestFixture]
public sealed class StreamEndpointsTests
{
    private StreamServer _server = null!;
    private CancellationTokenSource _late = null!;

    [SetUp]
    public async Task Start()
    {
        _late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        _server = await StreamServer.StartAsync(StreamServer.Options);
    }

    [TearDown]
    public async Task Stop()
    {
        await _server.DisposeAsync();
        _late.Dispose();
    }

    [Test]
    public async Task Rows_come_as_lines_of_JSON_from_a_sequence_on()
    {
        await _server.PublishAsync("a", "b", "c");
        using var answer = await _server.GetAsync("/stream/alarms?from=2");
        var lines = (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(answer.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/x-ndjson"));
        Assert.That(lines.Select(NameOf), Is.EqualTo(new[] { "b", "c" }));
    }

    [Test]
    public async Task Rows_come_as_events_to_who_accepts_them_and_go_on()
    {
        await _server.PublishAsync("a");
        using var answer = await _server.GetAsync("/stream/fabric.alarms", ("Accept", "text/event-stream"));
        using var events = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.That(
            (await events.ReadLineAsync(_late.Token), NameOf((await events.ReadLineAsync(_late.Token))!["data: ".Length..])),
            Is.EqualTo(("id: 1", "a"))
        );
        Assert.That(await events.ReadLineAsync(_late.Token), Is.Empty);
        await _server.PublishAsync("b");
        Assert.That(
            (await events.ReadLineAsync(_late.Token), NameOf((await events.ReadLineAsync(_late.Token))!["data: ".Length..])),
            Is.EqualTo(("id: 2", "b"))
        );
    }

    /// <summary>Its journal was lost, and the sequences began anew: who waited for the hundredth row would pass over ninety-seven without a word.</summary>
    [TestCase("from=100&follow", "")]
    [TestCase("follow", "99")]
    public async Task A_reader_that_is_ahead_of_the_journal_is_told_so(string query, string lastEvent)
    {
        await _server.PublishAsync("a", "b");
        using var ahead = await _server.GetAsync($"/stream/alarms?{query}", ("Last-Event-ID", lastEvent));
        using var next = await _server.GetAsync("/stream/alarms?from=3");

        Assert.That(ahead.StatusCode, Is.EqualTo(HttpStatusCode.Gone));
        Assert.That(await ahead.Content.ReadAsStringAsync(), Does.Contain("row 100 is not here, the last one is 2"));
        Assert.That(next.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task A_browser_that_connects_again_goes_on_behind_its_last_event()
    {
        await _server.PublishAsync("a", "b");
        using var answer = await _server.GetAsync("/stream/alarms?from=1", ("Accept", "text/event-stream"), ("Last-Event-ID", "1"));
        using var events = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.That(await events.ReadLineAsync(_late.Token), Is.EqualTo("id: 2"));
    }

    [Test]
    public async Task Lines_are_followed_on_demand_from_the_latest_row_on()
    {
        await _server.PublishAsync("a");
        using var answer = await _server.GetAsync("/stream/alarms?from=latest&follow");
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        await _server.PublishAsync("b");
        Assert.That(NameOf((await lines.ReadLineAsync(_late.Token))!), Is.EqualTo("b"));
    }

    [Test]
    public async Task A_journal_of_protobuf_is_read_as_JSON()
    {
        await using var server = await StreamServer.StartAsync(StreamServer.Options with { IsProtobuf = true });
        await server.PublishAsync("a");
        Assert.That(NameOf(await server.Client.GetStringAsync("/stream/alarms")), Is.EqualTo("a"));
    }

    [TestCase("/stream/weather", HttpStatusCode.NotFound, "there is no topic 'weather'; known are flows, drops, routes, ")]
    [TestCase("/stream/alarms?from=-1", HttpStatusCode.BadRequest, "from is a sequence, oldest or latest")]
    [TestCase("/stream/alarms?follow=maybe", HttpStatusCode.BadRequest, "follow is true or false")]
    public async Task A_request_that_makes_no_sense_is_told_why(string path, HttpStatusCode status, string reason)
    {
        using var answer = await _server.GetAsync(path);
        Assert.That(answer.StatusCode, Is.EqualTo(status));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.StartWith(reason));
    }

    [Test]
    public async Task There_is_room_for_so_many_readers_and_again_when_one_goes()
    {
        var first = await _server.GetAsync("/stream/alarms?follow");
        using var second = await _server.GetAsync("/stream/alarms?follow");
        using var third = await _server.GetAsync("/stream/alarms?follow");
        Assert.That((second.StatusCode, third.StatusCode), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable)));
        first.Dispose();
        Assert.That(async () => (await _server.GetAsync("/stream/alarms")).StatusCode, Is.EqualTo(HttpStatusCode.OK).After(60_000, 50));
    }

    [Test]
    public async Task A_reader_that_the_journal_overtakes_is_cut_off_and_told_why()
    {
        await using var server = await StreamServer.StartAsync(StreamServer.Options, new ManualTime());
        var rows = new FlowRow[500];
        server.Stream.Publish(rows);
        using var answer = await server.GetAsync("/stream/flows?follow");
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        await lines.ReadLineAsync(_late.Token);
        for (var i = 0; i < 300; i++)
        {
            Assert.That(() => server.Stream.Publish(rows), Is.EqualTo(rows.Length).After(60_000, 10));
        }

        Assert.That(() => server.Stream.Statistics()[Topic.Flows.Index].Expired, Is.GreaterThan(100_000).After(60_000, 50));
        string? last = null;
        while (await lines.ReadLineAsync(_late.Token) is { } line)
        {
            last = line;
        }

        Assert.That(last, Does.Match("^{\"end\":\"too slow: [0-9]+ rows were gone before they could be read\"}$"));
    }

    [Test]
    public async Task A_reader_that_takes_nothing_is_cut_off_and_its_place_is_free_again()
    {
        var log = new ListLogger<StreamServer>();
        var time = new ManualTime();
        await using var server = await StreamServer.StartAsync(StreamServer.Options with { MaxFollowers = 1 }, time, log);
        server.Stream.Publish(new FlowRow[20_000]);
        using var answer = await server.GetAsync("/stream/flows?follow");
        using var other = await server.GetAsync("/stream/alarms");
        Assert.That(other.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));

        Assert.That(() => StatusTenSecondsLater(server, time), Is.EqualTo(HttpStatusCode.OK).After(60_000, 50));
        Assert.That(log.Lines.Single().Line, Does.Contain("a reader of /stream/flows was cut off: it took nothing for 10 s"));
    }

    private static async Task<HttpStatusCode> StatusTenSecondsLater(StreamServer server, ManualTime time)
    {
        time.Advance(TimeSpan.FromSeconds(10));
        using var answer = await server.GetAsync("/stream/alarms");
        return answer.StatusCode;
    }

    private static string NameOf(string row) => JsonNode.Parse(row)!["name"]!.GetValue<string>();
}
