using System.Text;
using Fabric.Model.Config;
using Fabric.Primitives;

namespace Fabric.Config.Validation;

/// <summary>bgp-router and global-config.</summary>
internal static class RouterRules
{
    /// <summary>The restart time has 12 bits (RFC 4724 section 3).</summary>
    private const int MaxRestartTime = 4095;

    /// <summary>RFC 9003 section 2.</summary>
    private const int MaxMessageBytes = 255;

    public static void Check(ConfigDraft draft, ConfigReport report)
    {
        var addresses = new Dictionary<IpAddress, ConfigKey>();
        foreach (var router in draft.Of<BgpRouter>())
        {
            CheckRouter(router, report);
            if (!addresses.TryAdd(router.Address, router.Key))
            {
                var other = addresses[router.Address];
                report.Add(router, ".address", $"{router.Address} is the address of {other}.", "Configure each neighbour once.", other);
            }
        }

        foreach (var global in draft.Of<GlobalConfig>())
        {
            CheckGlobal(global, report);
        }
    }

    private static void CheckRouter(BgpRouter router, ConfigReport report)
    {
        CheckAs(router, router.As, report);
        if (!router.Address.IsOfOneHost)
        {
            report.Add(router, ".address", $"{router.Address} is the address of no host.", "Use the one that the neighbour connects from.");
        }

        NeighborKeyRules.Check(router, report);
        if (router.Origin is not null)
        {
            report.Add(router, ".origin", "An object that is written has no origin.", "Leave it out.");
        }

        if (router.Port == 0)
        {
            report.Add(router, ".port", "TCP has no port 0.", "Leave the port out for 179.");
        }

        if (router.HoldTime is 1 or 2)
        {
            report.Add(router, ".hold-time", "A hold time is 0 or at least 3 seconds (RFC 4271 section 4.2).", "Leave it out for 90.");
        }

        if (router.Families.Distinct().Count() != router.Families.Count)
        {
            report.Add(router, ".families", "A family stands here twice.", "Name each family once.");
        }

        if (Encoding.UTF8.GetByteCount(router.ShutdownMessage ?? "") > MaxMessageBytes)
        {
            report.Add(router, ".shutdown-message", $"The message has more than {MaxMessageBytes} bytes (RFC 9003).", "Shorten it.");
        }
    }

    private static void CheckGlobal(GlobalConfig global, ConfigReport report)
    {
        if (global.Name != GlobalConfig.OnlyName)
        {
            report.Add(global, ".name", $"The one global-config is named '{GlobalConfig.OnlyName}'.", "Leave the name out.");
        }

        CheckAs(global, global.As, report);
        CheckRestartTime(global, global.GracefulRestartTime, report);
        var seen = new HashSet<string>();
        for (var i = 0; i < global.EncapsulationPriority.Count; i++)
        {
            var word = global.EncapsulationPriority[i];
            if (GlobalConfig.Encapsulation(word) == TunnelEncapsulations.None || !seen.Add(word))
            {
                report.Add(
                    global,
                    $".encapsulation-priority[{i}]",
                    $"'{word}' is unknown here or stands here twice.",
                    "Use gre, udp and vxlan, each once."
                );
            }
        }
    }

    private static void CheckAs(ConfigObject owner, uint? asNumber, ConfigReport report)
    {
        if (asNumber is 0 or AsNumber.Trans or uint.MaxValue)
        {
            report.Add(
                owner,
                ".as",
                $"{asNumber} is a reserved AS number (RFC 7607, RFC 6793, RFC 7300).",
                "Use your own, or a private one such as 64512."
            );
        }
    }

    private static void CheckRestartTime(ConfigObject owner, int? seconds, ConfigReport report)
    {
        if (seconds is < 0 or > MaxRestartTime)
        {
            report.Add(
                owner,
                ".graceful-restart-time",
                $"{seconds} seconds do not fit.",
                $"Use 0 to {MaxRestartTime} (RFC 4724 section 3)."
            );
        }
    }
}
