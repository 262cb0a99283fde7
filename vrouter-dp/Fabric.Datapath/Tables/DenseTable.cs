namespace Fabric.Datapath;

/// <summary>Objects by a small id, in an array that grows to the largest id in use.</summary>
internal sealed class DenseTable<T>
    where T : class
{
    private T?[] items = new T?[64];

    public int Count { get; private set; }

    public T? this[uint id] => id < (uint)items.Length ? items[id] : null;

    public IEnumerable<T> Items => items.Where(i => i is not null)!;

    public void Set(uint id, T item)
    {
        if (id >= items.Length)
        {
            Array.Resize(ref items, (int)System.Numerics.BitOperations.RoundUpToPowerOf2(id + 1));
        }

        Count += items[id] is null ? 1 : 0;
        items[id] = item;
    }

    public bool Remove(uint id)
    {
        if (this[id] is null)
        {
            return false;
        }

        items[id] = null;
        Count--;
        return true;
    }
}
