namespace Fabric.Hosting.Logging;

/// <summary>Lines that are alike: one event of one category, about one subject.</summary>
/// <param name="Category">Ids are unique among Fabric's events; those of libraries are only in their category.</param>
/// <param name="EventId">0: the event has none.</param>
/// <param name="Subject">The event's first value, as text; null: all of its subjects.</param>
internal readonly record struct LogKind(string Category, int EventId, string? Subject);
