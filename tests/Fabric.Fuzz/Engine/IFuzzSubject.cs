namespace Fabric.Fuzz.Engine;

/// <summary>What takes the bytes of a stranger, in some state. Anything thrown by it is a finding.</summary>
internal interface IFuzzSubject
{
    /// <summary>Inputs, or parts of them, that got all the way through: a target whose inputs are all refused at the door tests the door.</summary>
    int Taken { get; }

    /// <summary>Takes one input; what it allocates is limited.</summary>
    void Feed(ReadOnlySpan<byte> input);

    /// <summary>Judges what the input did.</summary>
    /// <exception cref="InvariantException">It did something that must not be.</exception>
    void Check();
}
