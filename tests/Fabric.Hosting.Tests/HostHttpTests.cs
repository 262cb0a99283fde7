using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Fabric.Hosting.Tests;

public sealed class HostHttpTests
{
    private string _folder = "";

    private string SocketPath => Path.Combine(_folder, "run", "api.sock");

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("fabric-hosting-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task The_socket_answers_is_private_to_its_owner_and_goes_with_the_server()
    {
        await using (var app = HostHttp.CreateBuilder(SocketPath, null).Build())
        {
            app.MapGet("/greeting", () => "hello");
            await app.StartPrivateAsync(SocketPath);

            var (answer, mode) = (await GetAsync("/greeting"), File.GetUnixFileMode(SocketPath));

            Assert.That((answer, mode), Is.EqualTo(("hello", UnixFileMode.UserRead | UnixFileMode.UserWrite)));
        }

        Assert.That(SocketPath, Does.Not.Exist);
    }

    /// <summary>A dump of the tables has gigabytes; who has asked for one and reads nothing of it must not keep the program from its end.</summary>
    [Test]
    public async Task A_client_that_reads_nothing_of_a_long_answer_does_not_hold_up_the_end()
    {
        await using var app = HostHttp.CreateBuilder(SocketPath, null).Build();
        var begun = new TaskCompletionSource();
        app.MapGet("/dump", context => AnswerWithoutEndAsync(context, begun));
        await app.StartPrivateAsync(SocketPath);
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await client.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath));
        await client.SendAsync("GET /dump HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
        await begun.Task;

        Assert.That(async () => await app.StopAsync().WaitAsync(TimeSpan.FromSeconds(20)), Throws.Nothing);
    }

    [Test]
    public async Task The_file_of_a_dead_process_is_replaced()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(SocketPath)!);
        await File.WriteAllTextAsync(SocketPath, "");
        await using var app = HostHttp.CreateBuilder(SocketPath, null).Build();

        await app.StartPrivateAsync(SocketPath);

        Assert.That(File.GetUnixFileMode(SocketPath), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public async Task The_socket_of_a_living_process_is_not_taken()
    {
        await using var first = HostHttp.CreateBuilder(SocketPath, null).Build();
        await first.StartPrivateAsync(SocketPath);
        await using var second = HostHttp.CreateBuilder(SocketPath, null).Build();

        Assert.That(
            async () => await second.StartPrivateAsync(SocketPath),
            Throws.TypeOf<IOException>().With.Message.EqualTo($"Cannot listen on {SocketPath}: another process answers there.")
        );
    }

    /// <summary>192.0.2.0/24 is for documents (RFC 5737): no machine has an address of it.</summary>
    [Test]
    public async Task An_address_that_the_machine_does_not_have_is_named_in_one_line()
    {
        await using var app = HostHttp.CreateBuilder(SocketPath, IPEndPoint.Parse("192.0.2.250:8080")).Build();

        Assert.That(
            async () => await app.StartPrivateAsync(SocketPath),
            Throws.TypeOf<IOException>().With.Message.EqualTo("Cannot listen on 192.0.2.250:8080: Cannot assign requested address.")
        );
    }

    [Test]
    public async Task An_address_that_another_process_has_is_named_in_one_line()
    {
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        other.Listen();
        var taken = (IPEndPoint)other.LocalEndPoint!;
        await using var app = HostHttp.CreateBuilder(SocketPath, taken).Build();

        Assert.That(
            async () => await app.StartPrivateAsync(SocketPath),
            Throws.TypeOf<IOException>().With.Message.EqualTo($"Cannot listen on {taken}: Address already in use.")
        );
    }

    [TestCase("http://shop.example", HttpStatusCode.Forbidden)]
    [TestCase("http://localhost:8080", HttpStatusCode.Forbidden, Description = "another port is another server")]
    [TestCase("null", HttpStatusCode.Forbidden, Description = "a file")]
    [TestCase("http://localhost", HttpStatusCode.OK)]
    [TestCase(null, HttpStatusCode.OK, Description = "no page, but a program")]
    public async Task A_page_of_another_server_is_refused(string? origin, HttpStatusCode status)
    {
        var taken = 0;
        await using var app = HostHttp.CreateBuilder(SocketPath, null).Build();
        app.MapPost("/objects", () => ++taken);
        await app.StartPrivateAsync(SocketPath);
        using var client = Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("http://localhost/objects"));
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        using var answer = await client.SendAsync(request);

        Assert.That((answer.StatusCode, taken), Is.EqualTo((status, status == HttpStatusCode.OK ? 1 : 0)));
    }

    [TestCase("shop.example:8080", HttpStatusCode.MisdirectedRequest, Description = "a page's own name that leads to this machine")]
    [TestCase("localhost.shop.example", HttpStatusCode.MisdirectedRequest)]
    [TestCase("localhost:8080", HttpStatusCode.OK)]
    [TestCase("127.0.0.1", HttpStatusCode.OK)]
    [TestCase("[::1]:8080", HttpStatusCode.OK)]
    [TestCase("Control1.example:8080", HttpStatusCode.OK, Description = "a name of the options file")]
    [TestCase("a.nodes.example", HttpStatusCode.OK)]
    [TestCase("nodes.example", HttpStatusCode.MisdirectedRequest)]
    public async Task A_name_that_is_not_the_servers_is_refused(string host, HttpStatusCode status)
    {
        var access = new HttpAccess { Names = ["control1.example", "*.nodes.example"] };
        await using var app = await ServeAsync(access);
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(TcpUrl(app) + "greeting"));
        request.Headers.Host = host;

        using var answer = await client.SendAsync(request);

        Assert.That(answer.StatusCode, Is.EqualTo(status));
        Assert.That(
            await answer.Content.ReadAsStringAsync(),
            status == HttpStatusCode.OK ? Is.EqualTo("hello") : Does.Contain("api-names")
        );
    }

    [Test]
    public async Task A_client_of_the_unix_socket_may_call_the_server_what_it_likes()
    {
        await using var app = await ServeAsync(new HttpAccess());
        using var client = Client();

        Assert.That(await client.GetStringAsync(new Uri("http://api.sock/greeting")), Is.EqualTo("hello"));
    }

    [Test]
    public async Task A_connection_beyond_the_limit_is_refused_in_words_and_the_unix_socket_has_a_limit_of_its_own()
    {
        await using var app = await ServeAsync(new HttpAccess { MaxConnections = 1 });
        using var first = new HttpClient();
        using var second = new HttpClient();
        await first.GetStringAsync(new Uri(TcpUrl(app) + "greeting"));

        using var refused = await second.GetAsync(new Uri(TcpUrl(app) + "greeting"));
        var local = await GetAsync("/greeting");
        first.Dispose();

        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(refused.Headers.RetryAfter?.Delta, Is.EqualTo(TimeSpan.FromSeconds(5)));
        Assert.That(await refused.Content.ReadAsStringAsync(), Does.Contain("next-step"));
        Assert.That(local, Is.EqualTo("hello"));
        Assert.That(
            async () => (await second.GetAsync(new Uri(TcpUrl(app) + "greeting"))).StatusCode,
            Is.EqualTo(HttpStatusCode.OK).After(20_000, 20)
        );
    }

    /// <summary>Those that are refused and ask nothing hold no more than a few places, and for seconds.</summary>
    [Test]
    public async Task Silent_connections_far_beyond_the_limit_are_closed()
    {
        await using var app = await ServeAsync(new HttpAccess { MaxConnections = 1 });
        var sockets = new List<Socket>();
        for (var i = 0; i < 64; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            sockets.Add(socket);
            await socket.ConnectAsync(IPEndPoint.Parse(new Uri(TcpUrl(app)).Authority));
        }

        Assert.That(() => sockets.Count(IsClosed), Is.EqualTo(63).After(20_000, 50));
        sockets.ForEach(socket => socket.Dispose());

        static bool IsClosed(Socket socket) => socket.Poll(0, SelectMode.SelectRead);
    }

    private static async Task AnswerWithoutEndAsync(HttpContext context, TaskCompletionSource begun)
    {
        // As for those who follow a stream, and as with one who reads a little more than the server's least.
        context.Features.Get<IHttpMinResponseDataRateFeature>()!.MinDataRate = null;
        var part = new byte[1 << 16];
        while (true)
        {
            var written = context.Response.Body.WriteAsync(part, context.RequestAborted);
            if (!written.IsCompleted)
            {
                begun.TrySetResult();
            }

            await written;
        }
    }

    private async Task<WebApplication> ServeAsync(HttpAccess access)
    {
        var app = HostHttp.CreateBuilder(SocketPath, new IPEndPoint(IPAddress.Loopback, 0), access: access).Build();
        app.MapGet("/greeting", () => "hello");
        await app.StartPrivateAsync(SocketPath);
        return app;
    }

    private static string TcpUrl(WebApplication app) =>
        app.Urls.Single(url => url.StartsWith("http://127.", StringComparison.Ordinal)) + "/";

    private async Task<string> GetAsync(string path)
    {
        using var client = Client();
        return await client.GetStringAsync(new Uri("http://localhost" + path));
    }

    private HttpClient Client() =>
        new(
            new SocketsHttpHandler
            {
                ConnectCallback = async (_, cancellation) =>
                {
                    var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath), cancellation);
                    return new NetworkStream(socket, ownsSocket: true);
                },
            }
        );
}
