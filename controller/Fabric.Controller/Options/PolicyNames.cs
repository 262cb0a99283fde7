using Fabric.Hosting.Configuration;
using Fabric.Primitives;

namespace Fabric.Controller.Options;

/// <summary>The policies that a file has; others can't be named.</summary>
internal sealed class PolicyNames(IReadOnlySet<string> known)
{
    /// <summary>A chain of policies; what is inherited where the key is absent, and none with an empty list.</summary>
    public EquatableArray<string> ReadChain(OptionsFile section, string key, EquatableArray<string> inherited)
    {
        if (!section.Has(key))
        {
            return inherited;
        }

        var names = section.List<string>(key, OptionValues.Text, "the name of a policy");
        foreach (var name in names.Where(name => name is not null && !known.Contains(name)))
        {
            section.Reject(key, $"there is no policy '{name}'; {OptionWords.Known(name, known)}");
        }

        return [.. names];
    }
}
