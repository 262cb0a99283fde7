using System.Net.Sockets;
using Fabric.Analytics;
using Fabric.Hosting;
using Fabric.Streaming.Http;
using Fabric.Streaming.Journal;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fabric.Streaming.Tests.Http;

/// <summary>A program with a stream and its endpoint, on a unix socket.</summary>
internal sealed class StreamServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly WebApplication _app;

    private StreamServer(StreamOptions options, TimeProvider followersTime, ILogger logger)
    {
        Stream = EventStream.Start(
            options with
            {
                Folder = Path.Combine(_folder.Path, "stream"),
            },
            TimeProvider.System,
            NullLogger.Instance
        );
        _app = HostHttp.CreateBuilder(SocketPath, null).Build();
        _app.MapStream(Stream, followersTime, logger);
        Client = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectAsync }) { BaseAddress = new Uri("http://localhost") };
    }

    public static StreamOptions Options { get; } =
        new()
        {
            Node = "host1",
            Kind = SourceKind.HostAgent,
            Folder = "",
            MaxFollowers = 2,
            Limits = new Dictionary<Topic, JournalLimits>
            {
                [Topic.Flows] = new JournalLimits(JournalLimits.MinBytes, TimeSpan.FromDays(1), IsSynchronous: false),
            },
        };

    public EventStream Stream { get; }

    public HttpClient Client { get; }

    private string SocketPath => Path.Combine(_folder.Path, "api.sock");

    public static async Task<StreamServer> StartAsync(StreamOptions options, TimeProvider? followersTime = null, ILogger? logger = null)
    {
        var server = new StreamServer(options, followersTime ?? TimeProvider.System, logger ?? NullLogger.Instance);
        await server._app.StartPrivateAsync(server.SocketPath);
        return server;
    }

    /// <summary>Publishes alarms by their names and waits until they can be read.</summary>
    public async Task PublishAsync(params string[] names)
    {
        var journal = Stream.JournalOf(Topic.Alarms);
        var last = journal.LastSequence + (ulong)names.Length;
        foreach (var name in names)
        {
            Assert.That(Stream.TryPublish(new Alarm { Name = name }), Is.True);
        }

        while (journal.LastSequence < last)
        {
            await journal.WhenFlushed(last);
        }
    }

    /// <summary>Asks for rows; the answer is there when its headers are.</summary>
    public Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        Stream.Dispose();
        _folder.Dispose();
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath), cancellation);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
