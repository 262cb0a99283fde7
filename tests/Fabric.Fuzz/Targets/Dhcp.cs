using Fabric.Fuzz.Engine;
using Fabric.Wire.Packets;

namespace Fabric.Fuzz.Targets;

/// <summary>A DHCP message and its options: each lies inside the message, and they come to an end.</summary>
internal sealed class Dhcp : IFuzzSubject
{
    // The fields of the file and of the server's name may hold options too.
    private const int OverloadedOctets = 128 + 64;

    private int _octets;
    private int _optionOctets;

    public int Taken { get; private set; }

    public void Feed(ReadOnlySpan<byte> input)
    {
        _octets = input.Length;
        _optionOctets = 0;
        if (!DhcpMessage.TryRead(input, out var message))
        {
            return;
        }

        var options = message.Options;
        while (options.TryRead(out _, out var value))
        {
            Invariant.Holds(value.IsEmpty || input.Overlaps(value), "an option outside the message");
            _optionOctets += 2 + value.Length;
        }

        Taken += _optionOctets > 0 ? 1 : 0;
        _ = message.Type;
        _ = message.AddressOption(DhcpOption.RequestedAddress);
    }

    public void Check() =>
        Invariant.Holds(_optionOctets <= Math.Max(0, _octets - DhcpMessage.OptionsOffset + OverloadedOctets), "more options than octets");
}
