namespace Fabric.Wire.Xmpp;

/// <summary>
/// Remembers a few strings by their raw bytes, so that the names that come in every stanza of a session (addresses, VRFs,
/// networks) are not made anew each time. A fixed number of slots; a newcomer takes its slot from whoever was there.
/// </summary>
internal sealed class Utf8StringCache
{
    private const int SlotCount = 64;
    private const int LongestCached = 256;

    private readonly (byte[] Raw, string Text)[] _slots = new (byte[], string)[SlotCount];

    public string Get(ReadOnlySpan<byte> raw)
    {
        if (raw.Length is 0 or > LongestCached)
        {
            return raw.IsEmpty ? "" : XmlText.Decode(raw);
        }

        var hash = new HashCode();
        hash.AddBytes(raw);
        ref var slot = ref _slots[(uint)hash.ToHashCode() % SlotCount];
        if (slot.Raw is null || !raw.SequenceEqual(slot.Raw))
        {
            slot = (raw.ToArray(), XmlText.Decode(raw));
        }

        return slot.Text;
    }
}
