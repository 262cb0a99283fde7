using System.Globalization;
using Fabric.Hosting.Configuration;
using Fabric.Intent;
using Fabric.Primitives;

namespace Fabric.Controller.Options;

/// <summary>
/// The key add-path; a family and a direction that is not said is inherited.
/// <code>
/// add-path: { ipv4: { receive: true, send: 4 }, vpnv4: { send: all } }
/// </code>
/// </summary>
internal static class AddPathReader
{
    private static readonly string s_sendExpected = $"all, none, or a number of paths from 1 to {AddPathIntent.MaxLimit}";

    public static EquatableArray<AddPathIntent> Read(OptionsFile section, EquatableArray<AddPathIntent> inherited)
    {
        if (section.Section("add-path") is not { } families)
        {
            return inherited;
        }

        var read = inherited.ToDictionary(one => one.Family);
        foreach (var (name, family) in FamilyKeys.Of(families))
        {
            if (families.Section(name) is not { } values)
            {
                continue;
            }

            if (family == AddressFamily.RouteTargetMembership)
            {
                families.Reject(name, "a membership has one path, whoever asks for it");
            }
            else if (!values.Has("receive") && !values.Has("send"))
            {
                families.Reject(name, "says neither 'receive' nor 'send'");
            }

            var former = read.GetValueOrDefault(family);
            read[family] = new AddPathIntent(
                family,
                values.Optional<bool>("receive", BgpOptionValues.Flag, BgpOptionValues.FlagExpected, former.Receives),
                values.Optional<ushort>("send", SentPaths, s_sendExpected, former.SentPaths)
            );
        }

        return [.. read.Values.Where(one => one.Receives || one.Sends).OrderBy(one => (one.Family.Afi, one.Family.Safi))];
    }

    private static bool SentPaths(string text, out ushort value)
    {
        var isNumber = ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        value = text switch
        {
            "all" => AddPathIntent.AllPaths,
            "none" => 0,
            _ => value,
        };
        return text is "all" or "none" || isNumber && value is > 0 and <= AddPathIntent.MaxLimit;
    }
}
