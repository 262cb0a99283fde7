using System.Text.Json;
using Fabric.Config;
using Fabric.Model.Config;

namespace Fabric.Controller.Api;

/// <summary>The native REST API. Every write is one transaction; revisions are entity tags; errors are problem details.</summary>
public static class FabricApi
{
    /// <summary>Services that <see cref="MapFabricApi"/> needs.</summary>
    public static IServiceCollection AddFabricApi(this IServiceCollection services) =>
        services.AddOpenApi("v1", options => options.AddDocumentTransformer(ApiSchemas.Transform));

    /// <param name="maxWatchers">So many follow the changes at a time.</param>
    public static IEndpointRouteBuilder MapFabricApi(this IEndpointRouteBuilder endpoints, IConfigApi api, int maxWatchers)
    {
        var watch = new ConfigWatch(api, maxWatchers);
        endpoints.MapOpenApi();
        var logs = endpoints.ServiceProvider.GetRequiredService<ILoggerFactory>();
        var objects = endpoints.MapGroup("").AddEndpointFilter(new StoreFailures(logs.CreateLogger("store")));
        foreach (var kind in ConfigKinds.All)
        {
            MapKind(objects, kind, api);
        }

        objects
            .MapPost(
                "/v1/apply",
                (HttpContext context, [Microsoft.AspNetCore.Mvc.FromQuery(Name = "dry-run")] bool? dryRun) =>
                    ApplyAsync(context, dryRun == true, api)
            )
            .WithTags("transactions")
            .WithSummary("Put a list of objects of any kinds in one transaction; with dry-run, only tell what would change.")
            .Accepts<JsonElement>(ApiJson.ContentType)
            .Produces(StatusCodes.Status200OK, contentType: ApiJson.ContentType)
            .Produces(StatusCodes.Status422UnprocessableEntity, contentType: ApiProblem.ContentType);
        objects
            .MapGet("/v1/watch", (HttpContext context, long? from) => watch.RunAsync(context, from ?? 0))
            .WithTags("transactions")
            .WithSummary(
                "Transactions after a revision, one JSON object a line, as they happen. 410: list anew, then watch from that revision."
            )
            .Produces(StatusCodes.Status200OK, contentType: ConfigWatch.ContentType)
            .Produces(StatusCodes.Status410Gone, contentType: ApiProblem.ContentType)
            .Produces(StatusCodes.Status503ServiceUnavailable, contentType: ApiProblem.ContentType);
        return endpoints;
    }

    private static void MapKind(IEndpointRouteBuilder endpoints, ConfigKind kind, IConfigApi api)
    {
        var group = endpoints.MapGroup($"/v1/{kind.Plural()}").WithTags(kind.Plural());
        group
            .MapGet("/", (HttpContext context, string? project) => ListAsync(context, kind, project, api))
            .WithSummary($"All objects of kind {kind.Word()}, of one project or of all.")
            .Produces(StatusCodes.Status200OK, contentType: ApiJson.ContentType);
        group
            .MapGet("/{name}", (HttpContext context, string name, string? project) => GetAsync(context, Key(kind, project, name), api))
            .WithSummary($"One {kind.Word()}; its revision is the ETag.")
            .Produces(StatusCodes.Status200OK, contentType: ApiJson.ContentType)
            .Produces(StatusCodes.Status404NotFound, contentType: ApiProblem.ContentType);
        group
            .MapPut("/{name}", (HttpContext context, string name, string? project) => PutAsync(context, Key(kind, project, name), api))
            .WithSummary($"Create or replace one {kind.Word()}; If-Match: \"REVISION\" or If-None-Match: * guards it.")
            .Accepts<JsonElement>(ApiJson.ContentType)
            .Produces(StatusCodes.Status200OK, contentType: ApiJson.ContentType)
            .Produces(StatusCodes.Status201Created, contentType: ApiJson.ContentType)
            .Produces(StatusCodes.Status409Conflict, contentType: ApiProblem.ContentType)
            .Produces(StatusCodes.Status412PreconditionFailed, contentType: ApiProblem.ContentType)
            .Produces(StatusCodes.Status422UnprocessableEntity, contentType: ApiProblem.ContentType);
        group
            .MapDelete(
                "/{name}",
                (HttpContext context, string name, string? project) => DeleteAsync(context, Key(kind, project, name), api)
            )
            .WithSummary($"Delete one {kind.Word()} that nothing refers to.")
            .Produces(StatusCodes.Status204NoContent)
            .Produces(StatusCodes.Status404NotFound, contentType: ApiProblem.ContentType)
            .Produces(StatusCodes.Status409Conflict, contentType: ApiProblem.ContentType)
            .Produces(StatusCodes.Status412PreconditionFailed, contentType: ApiProblem.ContentType)
            .Produces(StatusCodes.Status422UnprocessableEntity, contentType: ApiProblem.ContentType);
    }

    private static ConfigKey Key(ConfigKind kind, string? project, string name) =>
        new(kind, kind.HasProject() ? project ?? ConfigObject.DefaultProject : "", name);

    private static async Task ListAsync(HttpContext context, ConfigKind kind, string? project, IConfigApi api)
    {
        var listing = await api.ListAsync(kind);
        var objects = listing.Objects.Select(item => item.Value).Where(value => project is null || value.Owner == project);
        await ApiJson.WriteListAsync(context, listing.Revision, objects);
    }

    private static async Task GetAsync(HttpContext context, ConfigKey key, IConfigApi api)
    {
        if (await api.FindAsync(key) is { } found)
        {
            await ApiJson.WriteObjectAsync(context, found);
            return;
        }

        var error = new ConfigError(
            "$",
            $"There is no {key}.",
            $"See /v1/{key.Kind.Plural()} for what there is; ?project= names the project."
        );
        await ApiProblem.WriteAsync(context, StatusCodes.Status404NotFound, "No such object", [error]);
    }

    private static async Task PutAsync(HttpContext context, ConfigKey key, IConfigApi api)
    {
        using var body = await ApiBody.ReadAsync(context, ApiBody.MaxObjectBytes);
        if (body is null || await ReadExpectedAsync(context) is not { } expected)
        {
            return;
        }

        var errors = new List<ConfigError>();
        var value = ConfigJson.Read(key.Kind, NamedElement.WithKey(body.RootElement, key), "$", errors);
        if (value is not null && value.Key != key)
        {
            errors.Add(
                new ConfigError(
                    "$.name",
                    $"The body is {value.Key}, the URL {key}.",
                    "Leave name and project out of the body, or make them agree."
                )
            );
        }

        if (value is null || errors.Count > 0)
        {
            await ApiProblem.WriteAsync(context, StatusCodes.Status422UnprocessableEntity, "Invalid configuration", errors);
            return;
        }

        var result = await api.ApplyAsync([ConfigEdit.Put(value, "$", expected.Revision)], dryRun: false, ApiCaller.Of(context));
        if (result.Outcome != ApplyOutcome.Applied)
        {
            await ApiProblem.WriteAsync(context, result);
            return;
        }

        context.Response.StatusCode = result.Diff is [{ Before: null }] ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        await ApiJson.WriteObjectAsync(context, result.Put[0]);
    }

    private static async Task DeleteAsync(HttpContext context, ConfigKey key, IConfigApi api)
    {
        if (await ReadExpectedAsync(context) is not { } expected)
        {
            return;
        }

        var result = await api.ApplyAsync([ConfigEdit.Delete(key, "$", expected.Revision)], dryRun: false, ApiCaller.Of(context));
        if (result.Outcome != ApplyOutcome.Applied)
        {
            await ApiProblem.WriteAsync(context, result);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static async Task ApplyAsync(HttpContext context, bool dryRun, IConfigApi api)
    {
        using var body = await ApiBody.ReadAsync(context, ApiBody.MaxApplyBytes);
        if (body is null)
        {
            return;
        }

        var errors = new List<ConfigError>();
        var edits = new List<ConfigEdit>();
        if (body.RootElement.ValueKind != JsonValueKind.Array)
        {
            errors.Add(new ConfigError("$", "A list of objects is expected.", "Put the objects into [ ]."));
        }
        else
        {
            foreach (var (i, element) in body.RootElement.EnumerateArray().Index())
            {
                if (ConfigJson.Read(element, $"$[{i}]", errors) is { } value)
                {
                    edits.Add(ConfigEdit.Put(value, $"$[{i}]"));
                }
                else if (errors.Count >= ConfigError.MaxTold)
                {
                    break;
                }
            }
        }

        if (errors.Count > 0)
        {
            await ApiProblem.WriteAsync(context, StatusCodes.Status422UnprocessableEntity, "Invalid configuration", errors);
            return;
        }

        var result = await api.ApplyAsync(edits, dryRun, ApiCaller.Of(context));
        await (result.Outcome == ApplyOutcome.Applied ? ApiJson.WriteDiffAsync(context, result) : ApiProblem.WriteAsync(context, result));
    }

    private static async Task<Expected?> ReadExpectedAsync(HttpContext context)
    {
        if (ETag.TryReadExpected(context.Request.Headers, out var revision))
        {
            return new Expected(revision);
        }

        var error = new ConfigError(
            "$",
            "The precondition is not understood.",
            "Send If-Match: \"REVISION\" as the ETag gave it, If-Match: * or If-None-Match: *."
        );
        await ApiProblem.WriteAsync(context, StatusCodes.Status400BadRequest, "Malformed precondition", [error]);
        return null;
    }

    private sealed record Expected(long? Revision);
}
