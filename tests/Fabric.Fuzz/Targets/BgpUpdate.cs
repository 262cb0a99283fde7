using Fabric.Fuzz.Engine;
using Fabric.Wire.Bgp;

namespace Fabric.Fuzz.Targets;

/// <summary>The reader of UPDATEs under what two speakers may have agreed on. What it remembers of earlier messages must not show.</summary>
internal sealed class BgpUpdate(Random random) : IFuzzSubject
{
    private readonly UpdateContext _context = new(random.Next(2) == 0, random.Next(2) == 0, [.. BgpFamilies.Some(random)]);
    private readonly AttributeInterner _interner = new(capacity: 4);
    private readonly AttributeInterner _fresh = new(capacity: 4);
    private string _first = "";
    private string _again = "";

    public int Taken { get; private set; }

    public void Feed(ReadOnlySpan<byte> input)
    {
        // Framing gives the body of a whole message, which has four octets at least.
        var body = input.Length > MessageFrame.HeaderBytes ? input[MessageFrame.HeaderBytes..] : input;
        if (body.Length is < 4 or > MessageFrame.MaxExtendedBytes - MessageFrame.HeaderBytes)
        {
            return;
        }

        var update = new UpdateDecoder(_fresh, _context).Decode(body);
        Taken += update.Fault is null ? 1 : 0;
        _first = UpdateText.Of(update);
        _again = UpdateText.Of(new UpdateDecoder(_interner, _context).Decode(body));
        _again = UpdateText.Of(new UpdateDecoder(_interner, _context).Decode(body));
    }

    public void Check() => Invariant.Holds(_first == _again, $"read first as {_first} and then as {_again}");
}
