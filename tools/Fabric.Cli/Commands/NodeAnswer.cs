using System.Text.Json;

namespace Fabric.Cli.Commands;

/// <summary>What one node said, as it said it and for people.</summary>
public sealed record NodeAnswer(JsonElement Document, object Text);
