using Fabric.Config;
using Fabric.Config.Stores;
using Fabric.Controller.Configuration;
using Fabric.Model.Config;
using Fabric.Runtime;

namespace Fabric.Controller.Api;

/// <summary>Carries requests to the config loop, which owns the service, and answers back.</summary>
/// <param name="loop">The config loop.</param>
/// <param name="service">Owned by that loop.</param>
/// <param name="committed">Called on the loop with every transaction and the time of the call, before its writer is answered.</param>
/// <param name="fileNeighbors">Owned by that loop: shown among the objects, and not to be changed here.</param>
public sealed class ConfigApi(IEventLoop loop, ConfigService service, Action<ConfigDelta, long> committed, FileNeighbors fileNeighbors)
    : IConfigApi
{
    private TaskCompletionSource _nextChange = NewSource();

    /// <summary>Hears of each request that was to change something, and of what became of it; on the loop.</summary>
    internal Action<ApiRequest>? Requested { get; set; }

    public Task<ApplyResult> ApplyAsync(IReadOnlyList<ConfigEdit> edits, bool dryRun, string caller)
    {
        var askedAt = loop.Time.GetTimestamp();
        return loop.AskAsync(() => Apply(edits, dryRun, caller, askedAt));
    }

    public Task<ConfigListing> ListAsync(ConfigKind kind) =>
        loop.AskAsync(() =>
            new ConfigListing(
                service.Revision,
                [.. service.All.Concat(fileNeighbors.Objects).Where(item => item.Value.Kind == kind).OrderBy(item => item.Value.Key)]
            )
        );

    public Task<StoredObject?> FindAsync(ConfigKey key) => loop.AskAsync(() => fileNeighbors.Find(key) ?? service.Find(key));

    public Task<IReadOnlyList<ConfigDelta>?> ReadChangesAsync(long afterRevision, int enough) =>
        loop.AskAsync(() => service.ReadChanges(afterRevision, enough));

    public async Task WaitForChangeAsync(long afterRevision, CancellationToken cancellation)
    {
        var next = await loop.AskAsync(() => service.Revision > afterRevision ? Task.CompletedTask : _nextChange.Task);
        await next.WaitAsync(cancellation);
    }

    private ApplyResult Apply(IReadOnlyList<ConfigEdit> edits, bool dryRun, string caller, long askedAt)
    {
        var result = fileNeighbors.Refuse(edits) is { Count: > 0 } errors
            ? ApplyResult.Refused(ApplyOutcome.Conflict, service.Revision, errors)
            : Commit(edits, dryRun, caller);
        if (!dryRun)
        {
            Requested?.Invoke(new ApiRequest(caller, edits, result));
        }

        if (!dryRun && !result.Delta.Changes.IsEmpty)
        {
            committed(result.Delta, askedAt);
            var waited = _nextChange;
            _nextChange = NewSource();
            waited.SetResult();
        }

        return result;
    }

    /// <summary>What the store fails at was asked for all the same.</summary>
    private ApplyResult Commit(IReadOnlyList<ConfigEdit> edits, bool dryRun, string caller)
    {
        try
        {
            return service.Apply(edits, dryRun);
        }
        catch (ConfigStoreException failure) when (!dryRun)
        {
            var error = new ConfigError("$", failure.Message, "Mend what it says, then ask again.");
            Requested?.Invoke(new ApiRequest(caller, edits, ApplyResult.Refused(ApplyOutcome.Failed, service.Revision, [error])));
            throw;
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
