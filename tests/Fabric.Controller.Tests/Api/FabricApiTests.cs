using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fabric.Analytics;
using Fabric.Config;
using Fabric.Config.Stores;
using Fabric.Controller.Api;
using Fabric.Controller.Configuration;
using Fabric.Controller.Streaming;
using Fabric.Hosting;
using Fabric.Model.Config;
using Fabric.Runtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Fabric.Controller.Tests.Api;

[TestFixture]
public sealed class FabricApiTests
{
    private readonly List<IStreamEvent> _audit = [];
    private FailingStore _store = null!;
    private OvertakenApi _overtaken = null!;
    private string _folder = "";
    private ThreadLoop _loop = null!;
    private WebApplication _host = null!;
    private HttpClient _client = null!;

    [SetUp]
    public async Task Start()
    {
        _loop = new ThreadLoop("config", TimeProvider.System, failure => throw failure);
        _store = new FailingStore();
        var service = new ConfigService(_store, Guid.NewGuid);
        _folder = Directory.CreateTempSubdirectory("fabric-api-").FullName;
        var socket = Path.Combine(_folder, "api.sock");
        var builder = HostHttp.CreateBuilder(socket, new IPEndPoint(IPAddress.Loopback, 0));
        builder.Logging.ClearProviders();
        builder.Services.AddFabricApi();
        _host = builder.Build();
        _audit.Clear();
        var api = new ConfigApi(_loop, service, (_, _) => { }, FileNeighbors.None) { Requested = new ConfigRows(Audit).Requested };
        _overtaken = new OvertakenApi(api);
        _host.MapFabricApi(_overtaken, maxWatchers: 2);
        await _host.StartPrivateAsync(socket);
        _client = new HttpClient
        {
            BaseAddress = new Uri(_host.Urls.Single(url => url.StartsWith("http://127.", StringComparison.Ordinal))),
        };
    }

    [TearDown]
    public async Task Stop()
    {
        _client.Dispose();
        await _host.DisposeAsync();
        _loop.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task A_network_is_created_read_listed_and_deleted()
    {
        var created = await Send(HttpMethod.Put, "/v1/virtual-networks/red?project=acme", """{"mtu":1400}""");
        var read = await Send(HttpMethod.Get, "/v1/virtual-networks/red?project=acme");
        var listed = await Send(HttpMethod.Get, "/v1/virtual-networks");
        var deleted = await Send(HttpMethod.Delete, "/v1/virtual-networks/red?project=acme");
        var gone = await Send(HttpMethod.Get, "/v1/virtual-networks/red?project=acme");

        Assert.That(created.Status, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(created.ETag, Is.EqualTo("\"1\""));
        Assert.That(
            read.Text,
            Is.EqualTo(
                """{"kind":"virtual-network","name":"red","project":"acme","mtu":1400,"id":1,"route-target":"target:64512:8000001"}"""
            )
        );
        Assert.That(listed.Text, Is.EqualTo($"[{read.Text}]"));
        Assert.That(deleted.Status, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(gone.Status, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(gone.ContentType, Is.EqualTo("application/problem+json"));
    }

    [Test]
    public async Task A_password_is_taken_and_given_to_nobody()
    {
        const string router = """{"address":"192.0.2.9","password":"open sesame","ttl-security":1}""";
        var created = await Send(HttpMethod.Put, "/v1/bgp-routers/gw1", router);
        var read = await Send(HttpMethod.Get, "/v1/bgp-routers/gw1");
        var listed = await Send(HttpMethod.Get, "/v1/bgp-routers");
        var tried = await Send(
            HttpMethod.Post,
            "/v1/apply?dry-run=true",
            """[{"kind":"bgp-router","name":"gw1","address":"192.0.2.9","password":"sesame too"}]"""
        );

        Assert.That((created.Status, tried.Status), Is.EqualTo((HttpStatusCode.Created, HttpStatusCode.OK)));
        Assert.That(read.Text, Does.Contain("\"ttl-security\":1"));
        Assert.That(created.Text + read.Text + listed.Text + tried.Text, Does.Not.Contain("sesame"));
    }

    [Test]
    public async Task A_write_on_an_old_revision_is_refused_with_412()
    {
        await Send(HttpMethod.Put, "/v1/virtual-networks/red", "{}");
        var first = await Send(HttpMethod.Put, "/v1/virtual-networks/red", """{"mtu":1400}""", ifMatch: "\"1\"");
        var second = await Send(HttpMethod.Put, "/v1/virtual-networks/red", """{"mtu":1300}""", ifMatch: "\"1\"");

        Assert.That(first.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(first.ETag, Is.EqualTo("\"2\""));
        Assert.That(second.Status, Is.EqualTo(HttpStatusCode.PreconditionFailed));
    }

    /// <summary>With the tag of what another one wrote, the next write would undo that unseen.</summary>
    [TestCase("""{"mtu":1400}""", "\"2\"")]
    [TestCase("{}", "\"1\"", Description = "which changes nothing")]
    public async Task The_answer_to_a_write_is_what_it_wrote_also_if_another_comes_before_the_answer(string body, string tag)
    {
        await Send(HttpMethod.Put, "/v1/virtual-networks/red", "{}");
        _overtaken.Next = ConfigEdit.Put(new VirtualNetwork("red", Mtu: 1300));

        var answer = await Send(HttpMethod.Put, "/v1/virtual-networks/red", body);

        Assert.That((answer.Status, answer.ETag), Is.EqualTo((HttpStatusCode.OK, tag)));
        Assert.That(answer.Text, Does.Not.Contain("1300"));
        Assert.That((await Send(HttpMethod.Get, "/v1/virtual-networks/red")).Text, Does.Contain("1300"));
    }

    [Test]
    public async Task All_errors_of_an_apply_come_at_once_and_nothing_is_changed()
    {
        var answer = await Send(
            HttpMethod.Post,
            "/v1/apply",
            """[{"kind":"virtual-network","name":"red"},{"kind":"port","name":"p","network":"green"},{"kind":"bgp-router","name":"g","address":"192.0.2.1","port":0}]"""
        );

        var paths = JsonDocument
            .Parse(answer.Text)
            .RootElement.GetProperty("errors")
            .EnumerateArray()
            .Select(error => error.GetProperty("path").GetString());
        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        Assert.That(paths, Is.EquivalentTo(new[] { "$[1].network", "$[2].port" }));
        Assert.That((await Send(HttpMethod.Get, "/v1/virtual-networks")).Text, Is.EqualTo("[]"));
    }

    [Test]
    public async Task A_dry_run_answers_the_diff_and_changes_nothing()
    {
        var answer = await Send(HttpMethod.Post, "/v1/apply?dry-run=true", """[{"kind":"virtual-network","name":"red"}]""");

        var change = JsonDocument.Parse(answer.Text).RootElement.GetProperty("changes")[0];
        Assert.That(change.GetProperty("action").GetString(), Is.EqualTo("create"));
        Assert.That(change.GetProperty("after").GetProperty("id").GetInt32(), Is.EqualTo(1));
        Assert.That((await Send(HttpMethod.Get, "/v1/virtual-networks")).Text, Is.EqualTo("[]"));
    }

    [Test]
    public async Task A_watch_gives_what_was_and_what_comes()
    {
        await Send(HttpMethod.Put, "/v1/virtual-networks/red", "{}");
        using var stream = await _client.GetStreamAsync(new Uri("/v1/watch?from=0", UriKind.Relative));
        using var lines = new StreamReader(stream);

        Assert.That(
            await lines.ReadLineAsync(),
            Does.StartWith("""{"revision":1,"changes":[{"kind":"virtual-network","project":"default-project","name":"red","object":""")
        );
        await Send(HttpMethod.Delete, "/v1/virtual-networks/red");
        Assert.That(
            await lines.ReadLineAsync(),
            Is.EqualTo("""{"revision":2,"changes":[{"kind":"virtual-network","project":"default-project","name":"red"}]}""")
        );
    }

    [Test]
    public async Task A_watch_from_a_revision_that_is_not_there_is_gone()
    {
        Assert.That((await Send(HttpMethod.Get, "/v1/watch?from=9")).Status, Is.EqualTo(HttpStatusCode.Gone));
    }

    [Test]
    public async Task A_watch_beyond_the_limit_is_refused_until_another_ends()
    {
        await Send(HttpMethod.Put, "/v1/virtual-networks/red", "{}");
        using var first = await WatchAsync();
        using var second = await WatchAsync();

        using var refused = await WatchAsync();
        second.Dispose();

        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(refused.Headers.RetryAfter?.Delta, Is.EqualTo(TimeSpan.FromSeconds(30)));
        Assert.That(await refused.Content.ReadAsStringAsync(), Does.Contain("\"next-step\":\"Try again later, or raise api-watchers"));
        Assert.That(async () => (await WatchAsync()).StatusCode, Is.EqualTo(HttpStatusCode.OK).After(20_000, 20));
    }

    [TestCase("GET", "/v1/virtual-nets", HttpStatusCode.NotFound, "There is no /v1/virtual-nets here.")]
    [TestCase("PATCH", "/v1/apply", HttpStatusCode.MethodNotAllowed, "It takes POST.")]
    [TestCase("GET", "/v1/watch?from=first", HttpStatusCode.BadRequest, "/v1/watch?from=first")]
    public async Task What_no_endpoint_takes_is_a_problem_with_the_next_step(
        string method,
        string path,
        HttpStatusCode status,
        string words
    )
    {
        var answer = await Send(new HttpMethod(method), path);

        Assert.That((answer.Status, answer.ContentType), Is.EqualTo((status, "application/problem+json")));
        Assert.That(answer.Text, Does.Contain(words).And.Contain("next-step"));
    }

    [Test]
    public async Task A_body_of_another_type_is_a_problem_with_the_next_step()
    {
        using var form = new FormUrlEncodedContent([new("mtu", "1400")]);
        using var answer = await _client.PutAsync(new Uri("/v1/virtual-networks/red", UriKind.Relative), form);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.UnsupportedMediaType));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain("Send JSON, with the header Content-Type: application/json."));
    }

    [Test]
    public async Task A_watch_does_not_keep_the_program_from_its_end()
    {
        await Send(HttpMethod.Put, "/v1/virtual-networks/red", "{}");
        using var stream = await _client.GetStreamAsync(new Uri("/v1/watch?from=0", UriKind.Relative));
        using var lines = new StreamReader(stream);
        await lines.ReadLineAsync();

        await _host.StopAsync().WaitAsync(TimeSpan.FromSeconds(20));

        Assert.That(await lines.ReadLineAsync(), Is.Null);
    }

    [Test]
    public async Task A_store_that_fails_is_a_problem_in_words()
    {
        _store.Failure = new ConfigStoreException("The disk is full.");
        var refused = await Send(HttpMethod.Put, "/v1/virtual-networks/red", "{}");
        _store.Failure = null;
        var taken = await Send(HttpMethod.Put, "/v1/virtual-networks/red", "{}");

        Assert.That(refused.Status, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(refused.ContentType, Is.EqualTo("application/problem+json"));
        Assert.That(refused.Text, Does.Contain("The disk is full."));
        Assert.That(taken.Status, Is.EqualTo(HttpStatusCode.Created));
    }

    [Test]
    public async Task A_request_that_the_store_fails_at_is_audited_with_that()
    {
        _store.Failure = new ConfigStoreException("The disk is full.");
        await Send(HttpMethod.Put, "/v1/virtual-networks/red", "{}");
        await Send(HttpMethod.Post, "/v1/apply?dry-run=true", """[{"kind":"virtual-network","name":"red"}]""");

        var audit = (ApiChange)_audit.Single();
        Assert.That((audit.Who, audit.Name, audit.Revision, audit.Refusal), Is.EqualTo(("local", "red", 0ul, "$: The disk is full.")));
    }

    /// <summary>Halves of a surrogate pair (RFC 8259 section 8.2), in a value, a name, and the word that is looked at first.</summary>
    [TestCase("""[{"kind":"bgp-router","name":"gw","address":"192.0.2.1","description":"\ud800"}]""")]
    [TestCase("""[{"kind":"bgp-router","name":"gw","address":"192.0.2.1","\udc00":1}]""")]
    [TestCase("""[{"kind":"\ud800"}]""")]
    public async Task A_text_that_is_no_Unicode_is_a_problem(string body)
    {
        var applied = await Send(HttpMethod.Post, "/v1/apply", body);
        var put = await Send(HttpMethod.Put, "/v1/bgp-routers/gw", body[1..^1]);

        Assert.That(applied.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(put.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(put.ContentType, Is.EqualTo("application/problem+json"));
    }

    [TestCase("{", HttpStatusCode.BadRequest)]
    [TestCase("[]", HttpStatusCode.UnprocessableEntity)]
    [TestCase("""{"name":"blue"}""", HttpStatusCode.UnprocessableEntity)]
    [TestCase("""{"colour":"red"}""", HttpStatusCode.UnprocessableEntity)]
    public async Task A_bad_body_is_a_problem(string body, HttpStatusCode status)
    {
        var answer = await Send(HttpMethod.Put, "/v1/virtual-networks/red", body);

        Assert.That(answer.Status, Is.EqualTo(status));
        Assert.That(answer.ContentType, Is.EqualTo("application/problem+json"));
    }

    [Test]
    public async Task A_body_above_the_limit_is_refused_with_413()
    {
        var answer = await Send(HttpMethod.Put, "/v1/virtual-networks/red", new string(' ', (1 << 20) + 1));

        Assert.That(answer.Status, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
    }

    [Test]
    public async Task The_openapi_document_lists_every_kind()
    {
        var document = await Send(HttpMethod.Get, "/openapi/v1.json");

        Assert.That(document.Text, Does.Contain("/v1/security-groups/{name}").And.Contain("/v1/apply").And.Contain("dry-run"));
    }

    [Test]
    public async Task The_openapi_document_has_the_schema_of_every_body()
    {
        var document = JsonNode.Parse((await Send(HttpMethod.Get, "/openapi/v1.json")).Text)!;

        var put = document["paths"]!["/v1/subnets/{name}"]!["put"]!["requestBody"]!["content"]!["application/json"]!["schema"]!["$ref"]!;
        Assert.That((string)put!, Is.EqualTo("#/components/schemas/subnet"));
        Assert.That((string)document["components"]!["schemas"]!["subnet"]!["properties"]!["prefix"]!["type"]!, Is.EqualTo("string"));
    }

    /// <summary>RFC 9110 section 13.1.1: the condition is true where the object exists.</summary>
    [Test]
    public async Task If_Match_with_an_asterisk_is_a_write_on_an_object_that_exists_whatever_its_revision()
    {
        var missing = await Send(HttpMethod.Put, "/v1/virtual-networks/red", "{}", ifMatch: "*");
        var notThere = await Send(HttpMethod.Delete, "/v1/virtual-networks/red", ifMatch: "*");
        await Send(HttpMethod.Put, "/v1/virtual-networks/red", "{}");
        var replaced = await Send(HttpMethod.Put, "/v1/virtual-networks/red", """{"mtu":1400}""", ifMatch: "*");
        var deleted = await Send(HttpMethod.Delete, "/v1/virtual-networks/red", ifMatch: "*");

        Assert.That(
            new[] { missing.Status, notThere.Status, replaced.Status, deleted.Status },
            Is.EqualTo(
                new[] { HttpStatusCode.PreconditionFailed, HttpStatusCode.PreconditionFailed, HttpStatusCode.OK, HttpStatusCode.NoContent }
            )
        );
    }

    private Task<HttpResponseMessage> WatchAsync() =>
        _client.GetAsync(new Uri("/v1/watch?from=0", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);

    private async Task<Answer> Send(HttpMethod method, string path, string? body = null, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        using var response = await _client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new Answer(response.StatusCode, text, response.Headers.ETag?.Tag, response.Content.Headers.ContentType?.MediaType);
    }

    private bool Audit(IStreamEvent row)
    {
        _audit.Add(row);
        return true;
    }

    /// <summary>Fails when a test says so.</summary>
    private sealed class FailingStore : IConfigStore
    {
        private readonly MemoryConfigStore _store = new();

        public ConfigStoreException? Failure { get; set; }

        public StoredConfig Load() => _store.Load();

        public bool TryCommit(ConfigCommit commit) => Failure is null ? _store.TryCommit(commit) : throw Failure;

        public IReadOnlyList<ConfigDelta>? ReadChanges(long afterRevision, int enough) => _store.ReadChanges(afterRevision, enough);
    }

    /// <summary>Another writer comes between a write and its answer.</summary>
    private sealed class OvertakenApi(IConfigApi api) : IConfigApi
    {
        public ConfigEdit? Next { get; set; }

        public async Task<ApplyResult> ApplyAsync(IReadOnlyList<ConfigEdit> edits, bool dryRun, string caller)
        {
            var result = await api.ApplyAsync(edits, dryRun, caller);
            if (Next is { } next)
            {
                Next = null;
                await api.ApplyAsync([next], dryRun: false, "another");
            }

            return result;
        }

        public Task<ConfigListing> ListAsync(ConfigKind kind) => api.ListAsync(kind);

        public Task<StoredObject?> FindAsync(ConfigKey key) => api.FindAsync(key);

        public Task<IReadOnlyList<ConfigDelta>?> ReadChangesAsync(long afterRevision, int enough) =>
            api.ReadChangesAsync(afterRevision, enough);

        public Task WaitForChangeAsync(long afterRevision, CancellationToken cancellation) =>
            api.WaitForChangeAsync(afterRevision, cancellation);
    }

    private sealed record Answer(HttpStatusCode Status, string Text, string? ETag, string? ContentType);
}
