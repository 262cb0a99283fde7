using System.Text.Json;

namespace Fabric.Analytics;

/// <summary>A row of a topic as a value, for publishers of very many: it reaches the journal without an object of its own. Others publish an <see cref="IStreamEvent"/>.</summary>
public interface IStreamRow
{
    static abstract Topic Topic { get; }

    /// <summary>Writes the row by protobuf's JSON mapping.</summary>
    /// <param name="writer">At the start of a value.</param>
    void WriteJson(Utf8JsonWriter writer, in EventStamp stamp);

    /// <summary>The same row as a message.</summary>
    IStreamEvent ToMessage(in EventStamp stamp);
}
