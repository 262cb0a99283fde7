using Fabric.Hosting.Configuration;
using Fabric.Intent;
using Fabric.Primitives;
using static Fabric.Controller.Options.BgpOptionValues;

namespace Fabric.Controller.Options;

/// <summary>The keys of a group, which are those of a neighbour and of a dynamic prefix too. What is not said is taken from what is inherited.</summary>
internal sealed class NeighborSettingsReader(PolicyNames policies)
{
    private static readonly Words<BgpRole> s_roles = new(
        ("provider", BgpRole.Provider),
        ("route-server", BgpRole.RouteServer),
        ("route-server-client", BgpRole.RouteServerClient),
        ("customer", BgpRole.Customer),
        ("peer", BgpRole.Peer)
    );

    private static readonly Numbers<ushort> s_minimumHoldTime = new(3, ushort.MaxValue, "seconds");
    private static readonly Numbers<ushort> s_seconds = new(1, ushort.MaxValue, "seconds");

    private static readonly string s_withIpv4Routes = string.Join(", ", AddressFamily.All.Where(family => family.HasIpv4Routes));

    private readonly RouteRulesReader _rules = new(policies);

    /// <summary>All keys: for a group or a neighbour.</summary>
    public BgpNeighborSettings ReadAll(OptionsFile section, BgpNeighborSettings inherited) =>
        ReadSession(section, inherited) with
        {
            Port = section.Optional<ushort>("port", Port, OptionValues.PortExpected, inherited.Port),
            Passive = section.Optional<bool>("passive", Flag, FlagExpected, inherited.Passive),
            ConnectRetry = section.Optional<ushort>("connect-retry", AboveZero, ConnectRetryExpected, inherited.ConnectRetry),
            AdminDown = section.Optional<bool>("admin-down", Flag, FlagExpected, inherited.AdminDown),
            ShutdownMessage = section.Optional<string?>("shutdown-message", Message, MessageExpected, inherited.ShutdownMessage),
        };

    /// <summary>The keys that make sense for a speaker that is waited for, as those of a dynamic prefix are.</summary>
    public BgpNeighborSettings ReadSession(OptionsFile section, BgpNeighborSettings inherited)
    {
        var settings = inherited with
        {
            AsNumber = section.Optional<AsNumber>("as", As, AsExpected, inherited.AsNumber),
            LocalAs = LocalAsReader.Read(section, inherited.LocalAs),
            Families = Families(section, "families", inherited.Families),
            AddPath = AddPathReader.Read(section, inherited.AddPath),
            ExtendedNextHops = ExtendedNextHops(section, inherited.ExtendedNextHops),
            Tcp = TcpReader.Read(section, inherited.Tcp),
            HoldTime = section.Optional<ushort>("hold-time", HoldTime, HoldTimeExpected, inherited.HoldTime),
            MinimumHoldTime = s_minimumHoldTime.Read(section, "min-hold-time", inherited.MinimumHoldTime),
            Role = section.Optional<BgpRole?>("role", s_roles.TryParse, s_roles.Expected, inherited.Role),
            RequiresRole = section.Optional<bool>("role-strict", Flag, FlagExpected, inherited.RequiresRole),
            RouteReflectorClient = section.Optional<bool>("route-reflector-client", Flag, FlagExpected, inherited.RouteReflectorClient),
            GracefulRestart = GracefulRestartReader.Read(section, inherited.GracefulRestart),
            MembershipWait = MembershipWait(section, inherited.MembershipWait),
            PrefixLimits = PrefixLimitsReader.Read(section, inherited.PrefixLimits),
            PrefixLimitRestart = s_seconds.ReadOptional(section, "max-prefixes-restart", inherited.PrefixLimitRestart),
            Rules = _rules.Read(section, inherited.Rules),
        };
        RejectContradictions(section, settings);
        return settings;
    }

    private static void RejectContradictions(OptionsFile section, BgpNeighborSettings settings)
    {
        if (section.Has("min-hold-time") && settings.HoldTime > 0 && settings.MinimumHoldTime > settings.HoldTime)
        {
            section.Reject("min-hold-time", $"it is above the hold time of {settings.HoldTime} s: no session could come about");
        }

        if (settings.RequiresRole && settings.Role is null && section.Has("role-strict"))
        {
            section.Reject("role-strict", "there is no 'role' that the neighbour's could fit");
        }
    }

    private static EquatableArray<AddressFamily> Families(OptionsFile section, string key, EquatableArray<AddressFamily> inherited)
    {
        if (!section.Has(key))
        {
            return inherited;
        }

        var families = section.List<AddressFamily>(key, AddressFamily.TryParse, FamilyExpected);
        if (families.Count == 0 && key == "families")
        {
            section.Reject(key, "the list is empty; leave the key out for the default");
        }

        if (families.Distinct().Count() != families.Count)
        {
            section.Reject(key, "a family stands here twice");
        }

        return [.. families];
    }

    private static EquatableArray<AddressFamily> ExtendedNextHops(OptionsFile section, EquatableArray<AddressFamily> inherited)
    {
        const string Key = "extended-next-hops";
        var families = Families(section, Key, inherited);
        if (section.Has(Key) && families.Any(family => !family.HasIpv4Routes))
        {
            section.Reject(Key, $"a family without routes of IPv4 is among them; {s_withIpv4Routes} have some");
        }

        return families;
    }

    private static MembershipWaitIntent MembershipWait(OptionsFile section, MembershipWaitIntent inherited) =>
        section.Section("membership-wait") is { } wait
            ? new MembershipWaitIntent(s_seconds.Read(wait, "limit", inherited.Limit), s_seconds.Read(wait, "quiet", inherited.Quiet))
            : inherited;
}
