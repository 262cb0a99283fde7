using System.Text.Json;
using Fabric.Agent.Core.Ports;
using Fabric.Agent.Inspection;
using Fabric.Agent.Node;
using Fabric.Agent.State;
using Fabric.Runtime;

namespace Fabric.Agent.Http;

/// <summary>
/// The port API: what orchestrators' plugins call when a VM's interface is plugged. Success is an empty JSON object; a fault is
/// JSON with a text. An array of ports is taken whole or not at all, as far as its contents go.
/// </summary>
internal sealed class PortApi(AgentNode node, IEventLoop loop)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/port", PlugAsync);
        routes.MapDelete("/port/{id}", (string id) => ChangeAsync(id, node.Unplug));
        routes.MapGet("/port/{id}", GetAsync);
        routes.MapGet(
            "/ports",
            async () => Results.Json(new PortsView(await loop.AskAsync(() => CoreViews.Ports(node.Core))), ApiJson.Default.PortsView)
        );
        routes.MapPost("/syncports", SyncAsync);
        routes.MapPut("/enable-port/{id}", (string id) => EnableAsync(id, isEnabled: true));
        routes.MapPut("/disable-port/{id}", (string id) => EnableAsync(id, isEnabled: false));
    }

    private async Task<IResult> PlugAsync(HttpRequest request)
    {
        List<PortDocument?> documents;
        try
        {
            documents = await ReadAsync(request);
        }
        catch (JsonException exception)
        {
            return Refuse($"The body is not a port or an array of ports: {exception.Message}");
        }

        List<string> faults = [];
        List<(Port Port, bool? Enabled)> ports = [];
        foreach (var document in documents)
        {
            if (document is null)
            {
                faults.Add("null is not a port");
            }
            else if (document.ToPort(faults) is { } port)
            {
                ports.Add((port, document.LinkState));
            }
        }

        if (faults.Count > 0)
        {
            return Refuse(string.Join("; ", faults));
        }

        return await GuardAsync(() =>
        {
            foreach (var (port, enabled) in ports)
            {
                // A plug that is said again does not undo what the administrator did in between.
                var isEnabled = enabled ?? node.Core.Ports.Plugged.GetValueOrDefault(port.Id)?.Enabled ?? true;
                node.Plug(port with { Enabled = isEnabled });
            }

            return Done();
        });
    }

    private static async Task<List<PortDocument?>> ReadAsync(HttpRequest request)
    {
        using var body = await JsonDocument.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted);
        return body.RootElement.ValueKind == JsonValueKind.Array
            ? body.RootElement.EnumerateArray().Select(Parse).ToList()
            : [Parse(body.RootElement)];
    }

    private static PortDocument? Parse(JsonElement element) => element.Deserialize(ApiJson.Default.PortDocument);

    private async Task<IResult> GetAsync(string id)
    {
        var port = TryNormalize(id, out var known) ? await loop.AskAsync(() => CoreViews.Port(node.Core, known)) : null;
        return port is null ? NotFound(id) : Results.Json(port, ApiJson.Default.PortView);
    }

    private async Task<IResult> SyncAsync() =>
        await loop.AskAsync(() =>
        {
            node.SyncPorts();
            return Done();
        });

    private async Task<IResult> EnableAsync(string id, bool isEnabled)
    {
        if (!TryNormalize(id, out var known))
        {
            return NotFound(id);
        }

        return await GuardAsync(() =>
        {
            if (!node.Core.Ports.Plugged.TryGetValue(known, out var port))
            {
                return NotFound(id);
            }

            node.Plug(port with { Enabled = isEnabled });
            return Done();
        });
    }

    private async Task<IResult> ChangeAsync(string id, Action<string> change)
    {
        if (!TryNormalize(id, out var known))
        {
            return Refuse($"'{id}' is not a UUID");
        }

        return await GuardAsync(() =>
        {
            change(known);
            return Done();
        });
    }

    /// <summary>Runs on the loop; a disk that fails is the caller's to know.</summary>
    private async Task<IResult> GuardAsync(Func<IResult> work)
    {
        try
        {
            return await loop.AskAsync(work);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Results.Json(
                new ApiError(exception.Message),
                ApiJson.Default.ApiError,
                statusCode: StatusCodes.Status500InternalServerError
            );
        }
    }

    private static bool TryNormalize(string id, out string normalized)
    {
        var isUuid = Guid.TryParse(id, out var uuid);
        normalized = uuid.ToString("D");
        return isUuid;
    }

    private static IResult Done() => Results.Json(Empty.Object, ApiJson.Default.Empty);

    private static IResult Refuse(string fault) =>
        Results.Json(new ApiError(fault), ApiJson.Default.ApiError, statusCode: StatusCodes.Status400BadRequest);

    private static IResult NotFound(string id) =>
        Results.Json(new ApiError($"There is no port {id} here."), ApiJson.Default.ApiError, statusCode: StatusCodes.Status404NotFound);
}
