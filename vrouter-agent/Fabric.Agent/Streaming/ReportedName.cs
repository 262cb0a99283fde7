namespace Fabric.Agent.Streaming;

/// <summary>A name that the data plane gave a number to: of a network, of a drop reason, or of a rule as GROUP/RULE.</summary>
internal sealed record ReportedName
{
    public ReportedName(string text)
    {
        // Names of groups have no slash, those of rules may have one: a prefix, say.
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        Text = text;
        Policy = slash < 0 ? text : text[..slash];
        Rule = slash < 0 ? null : text[(slash + 1)..];
    }

    public string Text { get; }

    public string Policy { get; }

    /// <summary>Null: the text is of no rule.</summary>
    public string? Rule { get; }
}
