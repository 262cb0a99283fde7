using Fabric.Hosting.Configuration;
using Fabric.Intent;
using Fabric.Primitives;
using static Fabric.Controller.Options.BgpOptionValues;

namespace Fabric.Controller.Options;

/// <summary>
/// The key local-as (RFC 7705).
/// <code>
/// local-as: { number: 64999, no-prepend: true, replace-as: true }
/// </code>
/// </summary>
internal static class LocalAsReader
{
    public static LocalAsIntent? Read(OptionsFile section, LocalAsIntent? inherited) =>
        section.Section("local-as") is { } localAs
            ? new LocalAsIntent(
                localAs.Required<AsNumber>("number", As, AsExpected),
                Prepends: !localAs.Optional<bool>("no-prepend", Flag, FlagExpected, false),
                Replaces: localAs.Optional<bool>("replace-as", Flag, FlagExpected, false)
            )
            : inherited;
}
