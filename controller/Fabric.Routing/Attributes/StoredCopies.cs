namespace Fabric.Routing;

/// <summary>Puts sets of the RIB into a batch as they are; routes in a row that share a set share the copy.</summary>
internal sealed class StoredCopies(AttributeTable sets)
{
    private (int Set, UpdateBatch? Batch, long Version) _latest;
    private ExportedAttributes _latestCopy;

    public ExportedAttributes Append(int set, UpdateBatch batch)
    {
        if (_latest != (set, batch, batch.Version))
        {
            var bytes = sets.BytesOf(set);
            bytes.CopyTo(batch.StoredRoom(bytes.Length));
            _latest = (set, batch, batch.Version);
            _latestCopy = batch.AddStored(bytes.Length);
        }

        return _latestCopy;
    }
}
