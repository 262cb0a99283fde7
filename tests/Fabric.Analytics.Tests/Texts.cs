using FsCheck;
using FsCheck.Fluent;

namespace Fabric.Analytics.Tests;

internal static class Texts
{
    /// <summary>Text that has to be escaped, or is not there. Protobuf has no text with half of a surrogate pair.</summary>
    public static Gen<string?> Escaped { get; } =
        ArbMap
            .Default.GeneratorFor<string?>()
            .Select(text => text is null ? null : new string([.. text.Where(letter => !char.IsSurrogate(letter))]) + "\"<é\u2028😀");
}
