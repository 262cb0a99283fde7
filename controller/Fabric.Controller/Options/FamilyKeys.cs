using Fabric.Hosting.Configuration;
using Fabric.Primitives;

namespace Fabric.Controller.Options;

/// <summary>Mappings whose keys are families.</summary>
internal static class FamilyKeys
{
    /// <summary>The keys that are families. Another one is a fault, with the words for it.</summary>
    public static IReadOnlyList<(string Name, AddressFamily Family)> Of(OptionsFile section)
    {
        var found = new List<(string Name, AddressFamily Family)>();
        foreach (var name in section.Names)
        {
            if (AddressFamily.TryParse(name, out var family))
            {
                found.Add((name, family));
            }
            else if (section.Has(name))
            {
                section.Reject(name, $"'{name}' is not {BgpOptionValues.FamilyExpected}");
            }
        }

        return found;
    }
}
