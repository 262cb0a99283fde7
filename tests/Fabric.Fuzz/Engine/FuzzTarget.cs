namespace Fabric.Fuzz.Engine;

/// <summary>A decoder, or what stands behind one.</summary>
/// <param name="Name">Names the target in tests and the folder of its <c>Regressions</c>.</param>
/// <param name="Corpus">The folder of <c>Corpus</c> that it starts from.</param>
/// <param name="Prepare">Makes a subject in a state that the random numbers choose.</param>
internal sealed record FuzzTarget(string Name, string Corpus, Func<Random, IFuzzSubject> Prepare)
{
    /// <summary>Makes a mutated input good again where a check would stop it early: a checksum, a marker. Nothing by default.</summary>
    public Func<byte[], Random, byte[]> Mend { get; init; } = static (input, _) => input;

    /// <summary>Octets that any input may cost.</summary>
    public long AllocationBase { get; init; } = 256 << 10;

    /// <summary>Octets that each octet of an input may cost on top.</summary>
    public long AllocationPerByte { get; init; } = 256;

    public override string ToString() => Name;
}
