using Fabric.Fuzz.Engine;
using Fabric.Wire.Bgp;

namespace Fabric.Fuzz.Targets;

/// <summary>The reader of UPDATEs under what two speakers may have agreed on. What it remembers of earlier messages must not show.</summary>
internal sealed class BgpUpdate : IFuzzSubject
{
    private readonly UpdateContext _context;
    private readonly UpdateDecoder _decoder;
    private readonly AttributeInterner _fresh = new(capacity: 4);
    private string _first = "";
    private string _again = "";
    private string? _notCanonical;

    public BgpUpdate(Random random)
    {
        _context = new UpdateContext(random.Next(2) == 0, random.Next(2) == 0, [.. BgpFamilies.Some(random)]);
        _decoder = new UpdateDecoder(new AttributeInterner(capacity: 4), _context);
    }

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
        _again = UpdateText.Of(_decoder.Decode(body));
        _again = UpdateText.Of(_decoder.Decode(body));
        _notCanonical = null;
        foreach (var block in _decoder.Decode(body))
        {
            if (block.Received is { } received && !received.Stored.SequenceEqual(StoredAttributes.Write(received.Value)))
            {
                _notCanonical = Convert.ToHexString(received.Stored);
            }
        }
    }

    public void Check()
    {
        Invariant.Holds(_first == _again, $"read first as {_first} and then as {_again}");
        Invariant.Holds(_notCanonical is null, $"{_notCanonical} is stored, but is not what its attributes are written as");
    }
}
