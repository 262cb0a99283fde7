using System.Diagnostics.CodeAnalysis;
using Fabric.Model.Datapath;

namespace Fabric.Agent.Core.Tables;

/// <summary>
/// Turns the difference between desired and sent into numbered batches: a snapshot to each data plane that connects, then
/// deltas. A few batches may be on their way; while they are, changes gather in the tables.
/// </summary>
/// <param name="tables">What the data plane should hold.</param>
/// <param name="host">In each snapshot.</param>
/// <param name="records">What it is asked to report, in each snapshot; null: nothing.</param>
public sealed class DeltaTracker(DesiredTables tables, HostConfig host, RecordSettings? records)
{
    /// <summary>Batches sent and not yet applied.</summary>
    private const int Window = 16;

    private Snapshot _snapshot;
    private ulong _firstGeneration;

    private enum Snapshot
    {
        NotBegun,
        Open,
        Ended,
    }

    public bool IsConnected { get; private set; }

    public ulong SentGeneration { get; private set; }

    public ulong AppliedGeneration { get; private set; }

    /// <summary>The text of the last batch since the snapshot began that the data plane did not take whole; empty when all were.</summary>
    public string LastError { get; private set; } = "";

    /// <summary>Whether the data plane holds the desired tables and nothing else.</summary>
    public bool IsInSync =>
        IsConnected && _snapshot == Snapshot.Ended && !tables.HasPending && AppliedGeneration == SentGeneration && LastError.Length == 0;

    public void Connect()
    {
        IsConnected = true;
        LastError = "";
        _snapshot = Snapshot.NotBegun;
        _firstGeneration = SentGeneration + 1;
        tables.Forget();
    }

    public void Disconnect() => IsConnected = false;

    public void Applied(ulong generation, string error)
    {
        // Of an earlier connection, or never sent.
        if (generation < _firstGeneration || generation > SentGeneration)
        {
            return;
        }

        AppliedGeneration = Math.Max(AppliedGeneration, generation);
        // What was left out of an earlier batch is not there because a later one was whole.
        if (error.Length > 0)
        {
            LastError = error;
        }
    }

    /// <param name="isComplete">
    /// Whether the tables are known to be whole. A snapshot ends only then: until a restarted agent has learnt everything
    /// again, the data plane keeps what it has.
    /// </param>
    /// <param name="batch">The next message to send.</param>
    public bool TryNext(bool isComplete, [NotNullWhen(true)] out Batch? batch)
    {
        batch = null;
        var inFlight = SentGeneration - Math.Max(AppliedGeneration, _firstGeneration - 1);
        var hasWork = tables.HasPending || _snapshot == Snapshot.NotBegun || (_snapshot == Snapshot.Open && isComplete);
        if (!IsConnected || !hasWork || inFlight >= Window)
        {
            return false;
        }

        batch = new Batch { Generation = ++SentGeneration };
        BatchFiller.Fill(batch, tables);
        if (_snapshot == Snapshot.NotBegun)
        {
            batch.BeginSnapshot = true;
            batch.Host = host;
            batch.Records = records;
            _snapshot = Snapshot.Open;
        }

        if (_snapshot == Snapshot.Open && isComplete && !tables.HasPending)
        {
            batch.EndSnapshot = true;
            _snapshot = Snapshot.Ended;
        }

        return true;
    }
}
