using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Fabric.EndToEnd;

/// <summary>A control node of its own on loopback, with its folders in a temporary one.</summary>
internal sealed class ControlNodeFixture : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fabric-e2e-");

    public ControlNodeFixture()
    {
        BgpPort = FreePort();
        WriteOptions(BgpPort);
    }

    public int BgpPort { get; }

    public string OptionsFile => Path.Combine(_folder.FullName, "control.yaml");

    public string RunDirectory => Path.Combine(_folder.FullName, "run");

    private string ApiSocket => Path.Combine(RunDirectory, "control1", "api.sock");

    public void WriteOptions(int bgpPort) =>
        File.WriteAllText(
            OptionsFile,
            $"""
            node: control1
            router-id: 127.0.0.1
            listen: 127.0.0.1
            bgp-port: {bgpPort}
            xmpp-port: {FreePort()}
            api: null
            run-dir: {RunDirectory}/control1
            state-dir: {_folder.FullName}/state
            """
        );

    public string WriteFile(string name, string text)
    {
        var file = Path.Combine(_folder.FullName, name);
        File.WriteAllText(file, text);
        return file;
    }

    /// <summary>Starts the control node and waits until its API answers.</summary>
    public async Task<ProgramRun> StartAsync()
    {
        var run = new ProgramRun(Programs.Control, "--config", OptionsFile);
        using var deadline = new CancellationTokenSource(s_patience);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await AnswersAsync())
        {
            Assert.That(run.HasExited, Is.False, run.Output);
            await poll.WaitForNextTickAsync(deadline.Token);
        }

        return run;
    }

    /// <summary>Runs the fabric command and gives its exit code and what it printed.</summary>
    public async Task<(int ExitCode, string Output)> FabricAsync(params IEnumerable<string> arguments)
    {
        using var run = new ProgramRun(Programs.Cli, arguments.Concat(["--run-dir", RunDirectory]));
        var exitCode = await run.ExitCodeAsync();
        return (exitCode, run.Output);
    }

    /// <summary>The rows of a topic, as the journal has them once those that are waited for are among them.</summary>
    public async Task<IReadOnlyList<JsonNode>> StreamAsync(string topic, Predicate<IReadOnlyList<JsonNode>> areThere)
    {
        using var deadline = new CancellationTokenSource(s_patience);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            using var read = ProgramRun.Of("curl", "-sS", "--fail", "--unix-socket", ApiSocket, $"http://node/stream/{topic}");
            Assert.That(await read.ExitCodeAsync(), Is.Zero, read.Output);
            JsonNode[] rows = [.. read.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
            if (areThere(rows))
            {
                return rows;
            }

            await poll.WaitForNextTickAsync(deadline.Token);
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Below the ports that the kernel gives to those who connect (ip_local_port_range), so that none of them takes it before a program listens.</summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(20_000, 32_000);
            using var probe = new TcpListener(IPAddress.Loopback, port);
            try
            {
                probe.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody listens there.
            }
        }
    }

    private async Task<bool> AnswersAsync()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(ApiSocket));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
