using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Fabric.Agent.Core.Allocation;
using Fabric.Agent.Core.Ports;
using Fabric.Primitives;

namespace Fabric.Agent.State;

/// <summary>
/// The agent's state in a directory: <c>ports/UUID.json</c>, one file a port, and <c>allocations.json</c>. A file that cannot
/// be used is named in the log and moved aside; the rest is loaded. Where no numbers are known, labels begin anywhere in their range: other hosts may hold
/// routes with those of an earlier run, and one that is another port's now would lead packets of one tenant to another.
/// </summary>
public sealed partial class FileAgentState : IAgentState
{
    private readonly string _ports;
    private readonly string _allocations;
    private readonly Random _random;
    private readonly ILogger _logger;

    /// <exception cref="IOException">The directory cannot be made.</exception>
    public FileAgentState(string directory, Random random, ILogger<FileAgentState> logger)
    {
        _random = random;
        _ports = Path.Combine(directory, "ports");
        _allocations = Path.Combine(directory, "allocations.json");
        _logger = logger;
        Directory.CreateDirectory(_ports);
    }

    public AgentSavedState Load()
    {
        List<Port> ports = [];
        foreach (var path in Directory.EnumerateFiles(_ports, "*.json").Order(StringComparer.Ordinal))
        {
            List<string> faults = [];
            var document = Read(path, StateJson.Default.PortDocument, faults);
            if (document?.ToPort(faults) is { } port)
            {
                ports.Add(port);
            }
            else
            {
                MoveAside(path, faults);
            }
        }

        return new AgentSavedState(ports, LoadAllocations());
    }

    public void SavePort(Port port) =>
        AtomicFile.Write(PathOf(port.Id), JsonSerializer.SerializeToUtf8Bytes(PortDocument.Of(port), StateJson.Default.PortDocument));

    public void RemovePort(string id) => File.Delete(PathOf(id));

    public void SaveAllocations(Allocations allocations) =>
        AtomicFile.Write(
            _allocations,
            JsonSerializer.SerializeToUtf8Bytes(AllocationsDocument.Of(allocations), StateJson.Default.AllocationsDocument)
        );

    private Allocations LoadAllocations()
    {
        if (!File.Exists(_allocations))
        {
            return Unknown();
        }

        List<string> faults = [];
        if (Read(_allocations, StateJson.Default.AllocationsDocument, faults) is { } document)
        {
            return document.ToAllocations();
        }

        MoveAside(_allocations, faults);
        return Unknown();
    }

    private Allocations Unknown() =>
        Allocations.None with
        {
            Labels = new IdPoolState((uint)_random.Next((int)MplsLabel.FirstUnreserved, (int)MplsLabel.Max + 1), []),
        };

    private static T? Read<T>(string path, JsonTypeInfo<T> type, List<string> faults)
        where T : class
    {
        try
        {
            var value = JsonSerializer.Deserialize(File.ReadAllBytes(path), type);
            if (value is null)
            {
                faults.Add("the file says null");
            }

            return value;
        }
        catch (JsonException exception)
        {
            faults.Add(exception.Message);
            return null;
        }
    }

    private void MoveAside(string path, List<string> faults) => LogCorrupted(path, string.Join("; ", faults), AtomicFile.MoveAside(path));

    private string PathOf(string id) => Path.Combine(_ports, id + ".json");
}
