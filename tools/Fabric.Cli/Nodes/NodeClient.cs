using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Fabric.Cli.Nodes;

/// <summary>HTTP over the unix socket of one program.</summary>
public sealed class NodeClient(string node, NodeRole role, string socketPath)
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);

    public string Node => node;

    public NodeRole Role => role;

    public Task<JsonElement> GetAsync(string path) => SendAsync(HttpMethod.Get, path, body: null);

    /// <summary>The document, or null when the program does not answer: for lists in which one dead process must not hide the others.</summary>
    public async Task<JsonElement?> TryGetAsync(string path)
    {
        try
        {
            return await GetAsync(path);
        }
        catch (CliException)
        {
            return null;
        }
    }

    /// <exception cref="CliException">The program does not answer, or refuses; the message is its own.</exception>
    public async Task<JsonElement> SendAsync(HttpMethod method, string path, string? body)
    {
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using var client = new HttpClient(handler) { BaseAddress = new Uri("http://localhost"), Timeout = s_timeout };
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
            throw new CliException(
                $"{role.Program()} of {node} does not answer: {(exception.InnerException ?? exception).Message}",
                File.Exists(socketPath) ? $"is it running? its socket is {socketPath}; you may have to be root" : $"{socketPath} is gone"
            );
        }

        using (response)
        {
            if (!response.IsSuccessStatusCode)
            {
                throw Refusal(method, path, (int)response.StatusCode, text);
            }
        }

        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }

    /// <summary>RFC 9457 problem documents carry a title, a detail and all errors.</summary>
    private static CliException Refusal(HttpMethod method, string path, int status, string text)
    {
        var message = new StringBuilder($"{method} {path}: {status}");
        try
        {
            var problem = JsonDocument.Parse(text).RootElement;
            foreach (var key in (ReadOnlySpan<string>)["title", "detail", "error"])
            {
                if (problem.TryGetProperty(key, out var value))
                {
                    message.Append(": ").Append(value);
                }
            }

            if (problem.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Array)
            {
                foreach (var error in errors.EnumerateArray())
                {
                    message.Append("\n  ").Append(Describe(error));
                }
            }
        }
        catch (JsonException)
        {
            message.Append(": ").Append(text);
        }

        return new CliException(message.ToString());
    }

    private static string Describe(JsonElement error) =>
        error.ValueKind == JsonValueKind.Object
            ? string.Join(": ", error.EnumerateObject().Where(p => p.Value.ValueKind != JsonValueKind.Null).Select(p => p.Value.ToString()))
            : error.ToString();
}
