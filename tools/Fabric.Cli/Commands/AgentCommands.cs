using System.CommandLine;
using System.Text.Json;
using Fabric.Cli.Nodes;
using Fabric.Cli.Output;

namespace Fabric.Cli.Commands;

/// <summary>ports and vrfs: what each host's agent has.</summary>
internal static class AgentCommands
{
    public static IEnumerable<Command> Create()
    {
        yield return CliContext.Action(
            new Command("ports", "List the plugged ports of each host, with state, label and addresses."),
            context => context.PrintPerNodeAsync(NodeRole.Agent, "/inspect/ports", Ports)
        );
        yield return CliContext.Action(
            new Command("vrfs", "List the VRFs of each host: it has one while it has a port in it."),
            context => context.PrintPerNodeAsync(NodeRole.Agent, "/inspect/vrfs", Vrfs)
        );
    }

    private static TextTable Ports(JsonElement document)
    {
        var table = new TextTable("PORT", "DEVICE", "STATE", "ADDRESSES", "MAC", "VIF", "LABEL", "SECURITY GROUPS", "VRF", "ID");
        foreach (var view in document.Items("ports"))
        {
            var port = view.At("port") ?? default;
            table.Row(
                port.Text("display-name"),
                port.Text("system-name"),
                view.Text("state")?.Words(),
                view.Joined("addresses"),
                port.Text("mac-address"),
                view.Text("vif"),
                view.Text("label"),
                view.Items("security-groups").Any() ? view.Joined("security-groups") : null,
                view.Text("vrf"),
                port.Text("id")
            );
        }

        return table;
    }

    private static TextTable Vrfs(JsonElement document)
    {
        var table = new TextTable("ID", "VRF", "ROUTE DISTINGUISHER", "PORTS", "ROUTES");
        foreach (var vrf in document.Items("vrfs"))
        {
            table.Row(vrf.Text("id"), vrf.Text("name"), vrf.Text("rd"), vrf.Items("ports").Count(), vrf.Text("routes"));
        }

        return table;
    }
}
