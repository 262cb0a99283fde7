namespace Fabric.Fuzz.Engine;

/// <summary>What takes the bytes of a stranger, in some state. Anything thrown by it is a finding.</summary>
internal interface IFuzzSubject
{
    /// <summary>Takes one input; what it allocates is limited.</summary>
    void Feed(ReadOnlySpan<byte> input);

    /// <summary>Judges what the input did.</summary>
    /// <exception cref="InvariantException">It did something that must not be.</exception>
    void Check();
}
