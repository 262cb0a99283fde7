using Fabric.Hosting.Configuration;
using Fabric.Intent;
using Fabric.Primitives;

namespace Fabric.Controller.Options;

/// <summary>
/// The key max-prefixes; a family that is not said is inherited.
/// <code>
/// max-prefixes: { vpnv4: { limit: 100000, warning: 80 }, ipv4: { limit: 500 } }
/// </code>
/// </summary>
internal static class PrefixLimitsReader
{
    private static readonly Numbers<uint> s_limit = new(1, uint.MaxValue, "a number of prefixes");
    private static readonly Numbers<byte> s_warning = new(1, 100, "percent");

    public static EquatableArray<PrefixLimitIntent> Read(OptionsFile section, EquatableArray<PrefixLimitIntent> inherited)
    {
        if (section.Section("max-prefixes") is not { } families)
        {
            return inherited;
        }

        var limits = inherited.ToDictionary(limit => limit.Family);
        foreach (var (name, family) in FamilyKeys.Of(families))
        {
            if (families.Section(name) is { } values)
            {
                var former = limits.GetValueOrDefault(family);
                if (former is null && !values.Has("limit"))
                {
                    values.Reject("limit", $"is missing; expected {s_limit.Expected}");
                }

                limits[family] = new PrefixLimitIntent(
                    family,
                    s_limit.Read(values, "limit", former?.Limit ?? 0),
                    s_warning.Read(values, "warning", former?.WarningPercent ?? PrefixLimitIntent.DefaultWarning)
                );
            }
        }

        return [.. limits.Values.OrderBy(limit => (limit.Family.Afi, limit.Family.Safi))];
    }
}
