using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Fabric.Cli.Nodes;

/// <summary>HTTP over the unix socket of one program.</summary>
public sealed class NodeClient(string node, NodeRole role, string socketPath)
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(5);

    public string Node => node;

    public NodeRole Role => role;

    public bool HasSocket => File.Exists(socketPath);

    public Task<JsonElement> GetAsync(string path) => SendAsync(HttpMethod.Get, path, body: null);

    /// <exception cref="CliException">The program does not answer, or refuses; the message is its own.</exception>
    public async Task<JsonElement> SendAsync(HttpMethod method, string path, string? body)
    {
        using var client = Connect(s_timeout);
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        }

        HttpResponseMessage response;
        string text;
        try
        {
            response = await client.SendAsync(request);
            text = await response.Content.ReadAsStringAsync();
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            throw NoAnswer(exception);
        }

        using (response)
        {
            if (!response.IsSuccessStatusCode)
            {
                throw ProblemDocument.ToException((int)response.StatusCode, text);
            }
        }

        try
        {
            return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
        }
        catch (JsonException exception)
        {
            throw new CliException($"{role.Program()} of {node} did not answer {path} with JSON", exception);
        }
    }

    /// <summary>Copies what is answered, however long it is.</summary>
    /// <exception cref="CliException">The program does not answer, refuses, or breaks off.</exception>
    public async Task DownloadAsync(string path, Stream destination, CancellationToken cancellation)
    {
        using var client = Connect(Timeout.InfiniteTimeSpan);
        try
        {
            using var response = await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (!response.IsSuccessStatusCode)
            {
                throw ProblemDocument.ToException((int)response.StatusCode, await response.Content.ReadAsStringAsync(cancellation));
            }

            await response.Content.CopyToAsync(destination, cancellation);
        }
        catch (HttpRequestException exception)
        {
            throw NoAnswer(exception);
        }
    }

    private HttpClient Connect(TimeSpan timeout)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        return new HttpClient(handler) { BaseAddress = new Uri("http://localhost"), Timeout = timeout };
    }

    private CliException NoAnswer(Exception exception)
    {
        var (cause, hint) = exception.GetBaseException() switch
        {
            SocketException { SocketErrorCode: SocketError.AccessDenied } => ("access to its socket is denied", "try as root"),
            SocketException { SocketErrorCode: SocketError.ConnectionRefused } => (
                "it has ended without closing its socket",
                $"look into its log, and start it again; its socket is {socketPath}"
            ),
            SocketException { SocketErrorCode: SocketError.AddressNotAvailable } or FileNotFoundException => Gone(),
            _ when !HasSocket => Gone(),
            TaskCanceledException => (
                $"no answer within {s_timeout.TotalSeconds:0} s",
                "it has its socket but is stuck or overloaded: look into its log, and at the processor"
            ),
            var other => (other.Message, $"its socket is {socketPath}"),
        };
        return new CliException($"{role.Program()} of {node} does not answer: {cause}", hint);
    }

    private (string Cause, string Hint) Gone() => ("it does not run", $"start it; its socket would be {socketPath}");
}
