namespace Fabric.Wire.Xmpp;

/// <summary>How much of what has to be written goes into one stanza.</summary>
internal static class StanzaRoom
{
    /// <summary>
    /// How many elements from the front: at most so many, and no more than have <see cref="XmppFramer.SufficientStanzaBytes"/> together, but one at
    /// least where there is one.
    /// </summary>
    public static int Take(ReadOnlySpan<ReadOnlyMemory<byte>> elements, int most)
    {
        var (count, bytes) = (0, 0L);
        while (count < Math.Min(elements.Length, most))
        {
            bytes += elements[count].Length;
            if (count > 0 && bytes > XmppFramer.SufficientStanzaBytes)
            {
                break;
            }

            count++;
        }

        return count;
    }
}
