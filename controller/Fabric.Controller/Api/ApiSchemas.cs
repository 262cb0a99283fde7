using Fabric.Model.Config;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace Fabric.Controller.Api;

/// <summary>Puts the objects' schemas into the OpenAPI document, where the generator sees only JSON.</summary>
internal static class ApiSchemas
{
    public static Task Transform(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellation)
    {
        document.Info.Title = "Fabric";
        foreach (var kind in ConfigKinds.All)
        {
            var json = ConfigSchema.Of(kind).ToJsonString();
            var schema = OpenApiModelFactory.Parse<OpenApiSchema>(
                json,
                OpenApiSpecVersion.OpenApi3_1,
                document,
                out _,
                OpenApiConstants.Json
            );
            document.AddComponent<IOpenApiSchema>(kind.Word(), schema!);
        }

        foreach (var kind in ConfigKinds.All)
        {
            var reference = new OpenApiSchemaReference(kind.Word(), document);
            if (Find(document, $"/v1/{kind.Plural()}/{{name}}") is { } one)
            {
                SetBodies(one, reference);
            }

            if (Find(document, $"/v1/{kind.Plural()}") is { } all)
            {
                SetBodies(all, new OpenApiSchema { Type = JsonSchemaType.Array, Items = reference });
            }
        }

        if (Find(document, "/v1/apply") is { } apply)
        {
            var any = new OpenApiSchema { OneOf = [.. ConfigKinds.All.Select(kind => new OpenApiSchemaReference(kind.Word(), document))] };
            SetRequest(apply, new OpenApiSchema { Type = JsonSchemaType.Array, Items = any });
        }

        return Task.CompletedTask;
    }

    private static IOpenApiPathItem? Find(OpenApiDocument document, string path) =>
        document.Paths.GetValueOrDefault(path) ?? document.Paths.GetValueOrDefault(path + "/");

    private static Dictionary<HttpMethod, OpenApiOperation>.ValueCollection Operations(IOpenApiPathItem path) =>
        (path.Operations ?? []).Values;

    private static void SetBodies(IOpenApiPathItem path, IOpenApiSchema schema)
    {
        SetRequest(path, schema);
        foreach (var operation in Operations(path))
        {
            foreach (var (status, response) in operation.Responses ?? new OpenApiResponses())
            {
                if (status is "200" or "201" && response is OpenApiResponse described)
                {
                    described.Content = new Dictionary<string, OpenApiMediaType> { [ApiJson.ContentType] = new() { Schema = schema } };
                }
            }
        }
    }

    private static void SetRequest(IOpenApiPathItem path, IOpenApiSchema schema)
    {
        foreach (var operation in Operations(path))
        {
            foreach (var content in operation.RequestBody?.Content is { } bodies ? bodies.Values.ToList() : [])
            {
                content.Schema = schema;
            }
        }
    }
}
