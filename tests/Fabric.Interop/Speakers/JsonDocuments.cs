using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fabric.Interop.Speakers;

/// <summary>Output that is several JSON documents, one after the other.</summary>
internal static class JsonDocuments
{
    public static IReadOnlyList<JsonNode> Of(string text)
    {
        var documents = new List<JsonNode>();
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), new JsonReaderOptions { AllowMultipleValues = true });
        while (reader.Read())
        {
            documents.Add(JsonNode.Parse(ref reader)!);
        }

        return documents;
    }
}
