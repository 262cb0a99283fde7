using Fabric.Hosting.Configuration;
using Fabric.Intent;
using static Fabric.Controller.Options.BgpOptionValues;

namespace Fabric.Controller.Options;

/// <summary>The keys of a group, which are those of a neighbour and of a dynamic prefix too. What is not said is taken from what is inherited.</summary>
internal static class NeighborSettingsReader
{
    /// <summary>All keys: for a group or a neighbour.</summary>
    public static BgpNeighborSettings ReadAll(OptionsFile section, BgpNeighborSettings inherited) =>
        ReadSession(section, inherited) with
        {
            Port = section.Optional<ushort>("port", Port, OptionValues.PortExpected, inherited.Port),
            Passive = section.Optional<bool>("passive", Flag, FlagExpected, inherited.Passive),
            ConnectRetry = section.Optional<ushort>("connect-retry", AboveZero, ConnectRetryExpected, inherited.ConnectRetry),
            AdminDown = section.Optional<bool>("admin-down", Flag, FlagExpected, inherited.AdminDown),
            ShutdownMessage = section.Optional<string?>("shutdown-message", Message, MessageExpected, inherited.ShutdownMessage),
        };

    /// <summary>The keys that make sense for a speaker that is waited for, as those of a dynamic prefix are.</summary>
    public static BgpNeighborSettings ReadSession(OptionsFile section, BgpNeighborSettings inherited)
    {
        var families = section.List<Primitives.AddressFamily>("families", Primitives.AddressFamily.TryParse, FamilyExpected);
        if (section.Has("families") && families.Count == 0)
        {
            section.Reject("families", "the list is empty; leave the key out for the default");
        }

        if (families.Distinct().Count() != families.Count)
        {
            section.Reject("families", "a family stands here twice");
        }

        return inherited with
        {
            AsNumber = section.Optional<Primitives.AsNumber>("as", As, AsExpected, inherited.AsNumber),
            Families = families.Count > 0 ? [.. families] : inherited.Families,
            HoldTime = section.Optional<ushort>("hold-time", HoldTime, HoldTimeExpected, inherited.HoldTime),
            RouteReflectorClient = section.Optional<bool>("route-reflector-client", Flag, FlagExpected, inherited.RouteReflectorClient),
            GracefulRestart = GracefulRestart(section, inherited.GracefulRestart),
        };
    }

    private static GracefulRestartIntent GracefulRestart(OptionsFile section, GracefulRestartIntent inherited) =>
        section.Section("graceful-restart") is { } restart
            ? new GracefulRestartIntent(
                restart.Optional<ushort>("time", RestartTime, RestartTimeExpected, inherited.Time),
                restart.Optional<ushort>("helper-limit", HelperLimit, "seconds from 1 to 4095", inherited.HelperLimit)
            )
            : inherited;
}
