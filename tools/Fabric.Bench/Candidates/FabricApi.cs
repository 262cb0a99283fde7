using System.Globalization;
using System.Net.Http.Json;

namespace Fabric.Bench.Candidates;

/// <summary>The API of a control node, at its socket.</summary>
internal sealed class FabricApi(string socketPath) : IDisposable
{
    // Far below the largest body that is taken.
    private const int ObjectsPerApply = 500;
    private const string FullCollections = "process_runtime_dotnet_gc_collections_total{generation=\"2\"} ";

    private readonly HttpClient _client = UnixHttp.Client(socketPath);

    /// <exception cref="BenchException">It refuses them.</exception>
    /// <exception cref="HttpRequestException">It cannot be reached.</exception>
    public void Apply(IEnumerable<Dictionary<string, object>> objects)
    {
        foreach (var part in objects.Chunk(ObjectsPerApply))
        {
            using var response = _client.PostAsJsonAsync("/v1/apply", part).GetAwaiter().GetResult();
            if (!response.IsSuccessStatusCode)
            {
                var words = response.Content.ReadAsStringAsync().GetAwaiter().GetResult();
                throw new BenchException($"fabric-control refuses its objects: {words[..Math.Min(words.Length, 500)]}");
            }
        }
    }

    /// <summary>Collections of the oldest generation since the process started.</summary>
    /// <exception cref="BenchException">It does not say.</exception>
    public int CountFullCollections()
    {
        try
        {
            var metrics = _client.GetStringAsync("/metrics").GetAwaiter().GetResult();
            var line = metrics.Split('\n').FirstOrDefault(line => line.StartsWith(FullCollections, StringComparison.Ordinal));
            return line is null
                ? throw new BenchException("fabric-control does not count its garbage collections")
                : int.Parse(line[FullCollections.Length..], CultureInfo.InvariantCulture);
        }
        catch (HttpRequestException exception)
        {
            throw new BenchException($"fabric-control does not show its metrics: {exception.Message}", exception);
        }
    }

    public void Dispose() => _client.Dispose();
}
