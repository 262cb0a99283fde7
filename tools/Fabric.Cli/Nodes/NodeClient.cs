using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Fabric.Cli.Support;

namespace Fabric.Cli.Nodes;

/// <summary>HTTP over the unix socket of one program.</summary>
public sealed class NodeClient(string node, NodeRole role, string socketPath)
{
    // SOL_SOCKET and SO_PEERCRED of asm-generic/socket.h.
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;

    /// <summary>For an answer. A program whose loop is stuck says so within it; one that says nothing for so long is stopped, or finds no processor.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For a change: who stops waiting for it does not know whether it was made.</summary>
    internal TimeSpan PatienceOfChange { get; init; } = TimeSpan.FromSeconds(30);

    public string Node => node;

    public NodeRole Role => role;

    /// <summary>Of the node's sockets.</summary>
    internal string Folder { get; } = Path.GetDirectoryName(socketPath)!;

    /// <summary>The program, in words.</summary>
    internal string Name => $"{role.Program()} of {node}";

    public bool HasSocket => File.Exists(socketPath);

    public Task<JsonElement> GetAsync(string path) => SendAsync(HttpMethod.Get, path, body: null);

    /// <exception cref="CliException">The program does not answer, or refuses; the message is its own.</exception>
    public async Task<JsonElement> SendAsync(HttpMethod method, string path, string? body)
    {
        var patience = method == HttpMethod.Get ? Patience : PatienceOfChange;
        using var client = Connect(patience);
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
            throw NoAnswer(exception, patience);
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

    /// <summary>An answer of lines, which the caller ends by disposing of it; null where the program has nothing at the path.</summary>
    /// <exception cref="CliException">The program does not answer, or refuses.</exception>
    internal async Task<NodeLines?> OpenLinesAsync(string path, CancellationToken cancellation)
    {
        // The time is for the headers alone.
        var client = Connect(Patience);
        HttpResponseMessage? response = null;
        NodeLines? lines = null;
        try
        {
            response = await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (response.IsSuccessStatusCode)
            {
                lines = new NodeLines(Name, client, response, new StreamReader(await response.Content.ReadAsStreamAsync(cancellation)));
                return lines;
            }

            return response.StatusCode == HttpStatusCode.NotFound
                ? null
                : throw new CliException(
                    $"{Name} refuses: {(await response.Content.ReadAsStringAsync(cancellation)).Trim()}",
                    response.StatusCode == HttpStatusCode.ServiceUnavailable
                        ? "end another reader, or raise stream/followers in its options file"
                        : null
                );
        }
        catch (Exception exception)
            when (exception is HttpRequestException or IOException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            throw NoAnswer(exception);
        }
        finally
        {
            if (lines is null)
            {
                response?.Dispose();
                client.Dispose();
            }
        }
    }

    /// <summary>What is answered, as it came; no answer within the time is a value too.</summary>
    /// <param name="path">With its query.</param>
    /// <param name="limits">Octets of the answer, and the time for all of it.</param>
    /// <param name="cancellation">Ends the whole command.</param>
    internal async Task<Finding> ReadAsync(string path, BundleLimits limits, CancellationToken cancellation)
    {
        using var client = Connect(Timeout.InfiniteTimeSpan);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(limits.Answer);
        try
        {
            using var response = await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, timeout.Token);
            var body = new BoundedBytes(limits.PartBytes);
            await body.ReadAsync(await response.Content.ReadAsStreamAsync(timeout.Token), timeout.Token);
            if (!response.IsSuccessStatusCode)
            {
                var refusal = ProblemDocument.ToException((int)response.StatusCode, Encoding.UTF8.GetString(body.ToArray()));
                return Finding.Missing(refusal.Message);
            }

            return new Finding(body.ToArray(), body.IsCut ? $"cut: it is {body.Total} octets long" : null) { IsCut = body.IsCut };
        }
        catch (Exception exception)
            when (exception is HttpRequestException or IOException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            var problem = timeout.IsCancellationRequested
                ? $"{role.Program()} of {node} does not answer: no answer within {limits.Answer.TotalSeconds:0.#} s"
                : NoAnswer(exception).Message;
            return Finding.Missing(problem) with { IsSilent = true };
        }
    }

    /// <summary>The process that listens at the socket; null where none does.</summary>
    internal async Task<int?> ProcessIdAsync(TimeSpan limit, CancellationToken cancellation)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(limit);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), timeout.Token);
        }
        catch (Exception exception)
            when (exception is SocketException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return null;
        }

        // struct ucred of unix(7): process, user and group, 32 bits each.
        Span<byte> credentials = stackalloc byte[12];
        socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials);
        return BinaryPrimitives.ReadInt32LittleEndian(credentials);
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

    private CliException NoAnswer(Exception exception) => NoAnswer(exception, Patience);

    private CliException NoAnswer(Exception exception, TimeSpan patience)
    {
        // What it says of itself, when the time is over, is that of the socket whose reading was broken off.
        var (cause, hint) = (exception is TaskCanceledException ? exception : exception.GetBaseException()) switch
        {
            SocketException { SocketErrorCode: SocketError.AccessDenied } => ("access to its socket is denied", "try as root"),
            SocketException { SocketErrorCode: SocketError.ConnectionRefused } => (
                "it has ended without closing its socket",
                $"look into its log, and start it again; its socket is {socketPath}"
            ),
            SocketException { SocketErrorCode: SocketError.AddressNotAvailable } or FileNotFoundException => Gone(),
            _ when !HasSocket => Gone(),
            TaskCanceledException => (
                $"no answer within {patience.TotalSeconds:0.#} s",
                "it has its socket but is stuck or overloaded: look into its log, and at the processor"
            ),
            var other => (other.Message, $"its socket is {socketPath}"),
        };
        return new CliException($"{role.Program()} of {node} does not answer: {cause}", hint);
    }

    private (string Cause, string Hint) Gone() => ("it does not run", $"start it; its socket would be {socketPath}");
}
