namespace Fabric.Routing.Policies;

/// <summary>A term in the flat list of a chain's terms; the number is where the next policy begins.</summary>
internal sealed class CompiledTerm(string policy, PolicyTerm term, int nextPolicy)
{
    public string Policy { get; } = policy;

    public string Name { get; } = term.Name;

    public CompiledMatch Match { get; } = new(term.Match);

    public PolicyAction[] Actions { get; } = [.. term.Actions];

    public Disposition Disposition { get; } = term.Disposition;

    public int NextPolicy { get; } = nextPolicy;
}
