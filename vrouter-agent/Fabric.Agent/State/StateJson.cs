using System.Text.Json.Serialization;
using Fabric.Agent.Core.Allocation;

namespace Fabric.Agent.State;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    WriteIndented = true
)]
[JsonSerializable(typeof(PortDocument))]
[JsonSerializable(typeof(AllocationsDocument))]
internal sealed partial class StateJson : JsonSerializerContext;

/// <summary>The file of numbers given out; each range as names with their numbers.</summary>
internal sealed record AllocationsDocument(AllocationRange Labels, AllocationRange Vrfs, AllocationRange Vifs, AllocationRange NextHops)
{
    public static AllocationsDocument Of(Allocations all) =>
        new(AllocationRange.Of(all.Labels), AllocationRange.Of(all.Vrfs), AllocationRange.Of(all.Vifs), AllocationRange.Of(all.NextHops));

    public Allocations ToAllocations() => new(Labels.ToState(), Vrfs.ToState(), Vifs.ToState(), NextHops.ToState());
}

/// <param name="Next">Where the search for a free number begins.</param>
/// <param name="Ids">Number by name.</param>
internal sealed record AllocationRange(uint Next, IReadOnlyDictionary<string, uint> Ids)
{
    public static AllocationRange Of(IdPoolState state) =>
        new(state.Next, state.Assignments.ToDictionary(given => given.Key, given => given.Id));

    public IdPoolState ToState() =>
        new(Next, Primitives.EquatableArray.ToEquatableArray(Ids.Select(given => new IdAssignment(given.Key, given.Value))));
}
