using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fabric.Lab;

/// <summary>
/// The HTTP interface of one process on its unix socket. Every path that the lab knows is in this file and in <see cref="ControlNodeApi"/> and
/// <see cref="HostApi"/>.
/// </summary>
public class NodeApi : IDisposable
{
    // A busy machine's process answers late; one that hangs does not answer at all.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpClient client;
    private readonly string socket;

    public NodeApi(string node, string socketName)
    {
        Node = node;
        socket = Path.Combine(LabPaths.Sockets(node), socketName);
        client = new HttpClient(
            new SocketsHttpHandler
            {
                // A restarted daemon has a new socket under the old name.
                PooledConnectionLifetime = TimeSpan.Zero,
                ConnectCallback = async (_, cancellation) =>
                {
                    var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                    try
                    {
                        await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellation);
                        return new NetworkStream(connection, ownsSocket: true);
                    }
                    catch
                    {
                        connection.Dispose();
                        throw;
                    }
                },
            }
        )
        {
            BaseAddress = new Uri("http://localhost"),
            Timeout = Patience,
        };
    }

    protected string Node { get; }

    /// <summary>Whether the process accepts connections.</summary>
    public async Task<bool> AnswersAsync()
    {
        using var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <exception cref="LabException">No answer, or none that is JSON.</exception>
    public async Task<JsonNode> GetAsync(string path) =>
        await AskAsync(path, () => client.GetFromJsonAsync<JsonNode>(path)) ?? throw new LabException($"{socket}{path} answered null");

    /// <exception cref="LabException">No answer.</exception>
    public Task<string> GetTextAsync(string path) => AskAsync(path, () => client.GetStringAsync(path));

    public Task PostAsync(string path, JsonNode body) => SendAsync(HttpMethod.Post, path, body);

    public Task DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, null);

    public void Dispose()
    {
        client.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A list that is one key of what the process answers with.</summary>
    protected async Task<IEnumerable<JsonNode>> ItemsAsync(string path, string key) => Items(await GetAsync(path), key, socket + path);

    protected static IEnumerable<JsonNode> Items(JsonNode document, string key, string origin) =>
        document[key] is JsonArray items ? items.OfType<JsonNode>() : throw new LabException($"the answer of {origin} has no {key}");

    protected static string Text(JsonNode node, string key) => node[key]?.ToString() ?? "";

    protected static int Number(JsonNode node, string key) => (int?)node[key] ?? 0;

    /// <summary>Whether a VRF is that of a network of the lab; VRFs bear the network's qualified name.</summary>
    protected static bool IsOf(string vrf, string network) => vrf.Split(':')[^1] == network;

    private async Task SendAsync(HttpMethod method, string path, JsonNode? body)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : JsonContent.Create(body, options: JsonSerializerOptions.Web);
        using var response = await AskAsync(path, () => client.SendAsync(request));
        if (!response.IsSuccessStatusCode)
        {
            throw new LabException($"{method} {path} on {socket}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        }
    }

    private async Task<T> AskAsync<T>(string path, Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (TaskCanceledException exception)
        {
            throw new LabException(
                $"{socket}{path} did not answer within {Patience.TotalSeconds} s: the process hangs, see its log",
                exception
            );
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException)
        {
            throw new LabException($"{socket}{path}: {exception.Message}", exception);
        }
    }
}
