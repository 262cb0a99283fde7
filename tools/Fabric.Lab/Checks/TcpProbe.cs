using System.Diagnostics;
using Fabric.Lab.Machine;

namespace Fabric.Lab.Checks;

/// <summary>TCP between machines: a server that answers each line, and a client that asks one.</summary>
internal static class TcpProbe
{
    /// <summary>Starts a server on ports of a machine; the caller kills it.</summary>
    public static async Task<Process> ServeAsync(VirtualMachine machine, params int[] ports)
    {
        var server = machine.Namespace.Start([
            "/usr/bin/python3",
            Nodes.Programs.Script("tcp-probe.py"),
            "serve",
            .. ports.Select(port => $"{port}"),
        ]);
        foreach (var port in ports)
        {
            await WaitListeningAsync(machine, port);
        }

        return server;
    }

    public static Task WaitListeningAsync(VirtualMachine machine, int port) =>
        Poll.UntilAsync(
            $"a server on port {port} of {machine.Definition.Name}",
            async () => (await machine.Namespace.MustAsync("ss", "-Hltn", $"sport = :{port}")).Length > 0
        );

    /// <summary>Whether a new connection is answered within a second.</summary>
    public static async Task<bool> AsksAsync(VirtualMachine from, VirtualMachine to, int port) =>
        (
            await from.RunAsync(
                "/usr/bin/python3",
                Nodes.Programs.Script("tcp-probe.py"),
                "ask",
                to.Definition.Address.ToString(),
                $"{port}"
            )
        ).Succeeded;
}
