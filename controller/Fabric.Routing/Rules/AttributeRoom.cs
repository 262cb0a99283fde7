using Fabric.Wire.Bgp;

namespace Fabric.Routing;

/// <summary>
/// Whether what rules make of a set has room in an UPDATE, and so in the table: a peer's set may be as long as a message (RFC 8654), and be longer
/// with what is added here. The latest answer is kept, since routes come in the order of sets.
/// </summary>
internal sealed class AttributeRoom
{
    private PathAttributes? _latest;

    public bool Has(PathAttributes attributes)
    {
        if (!ReferenceEquals(_latest, attributes))
        {
            if (!StoredAttributes.Fits(attributes))
            {
                return false;
            }

            _latest = attributes;
        }

        return true;
    }
}
