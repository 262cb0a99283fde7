using System.Globalization;
using System.Numerics;
using Fabric.Hosting.Configuration;

namespace Fabric.Controller.Options;

/// <summary>Whole numbers within bounds, and the words for them.</summary>
internal sealed class Numbers<T>(T lowest, T highest, string what)
    where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
{
    /// <summary>As in "seconds from 1 to 65535".</summary>
    public string Expected => $"{what} from {lowest} to {highest}";

    public T Read(OptionsFile section, string key, T otherwise) => section.Optional<T>(key, TryParse, Expected, otherwise);

    /// <summary>A value that "null" takes away.</summary>
    public T? ReadOptional(OptionsFile section, string key, T? otherwise) =>
        section.Optional<T?>(key, TryParseOptional, Expected + ", or null for none", otherwise);

    private bool TryParse(string text, out T value) =>
        T.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= lowest && value <= highest;

    private bool TryParseOptional(string text, out T? value)
    {
        var isNumber = TryParse(text, out var number);
        value = isNumber ? number : null;
        return isNumber || text == "null";
    }
}
