using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;
using Fabric.Model.Datapath;

namespace Fabric.Datapath.Host.Tests.EndToEnd;

/// <summary>The real fabric-dp in a host's namespace, with the test as its agent.</summary>
internal sealed class DatapathProcess : IDisposable
{
    private readonly string _netns;
    private readonly string _configFile;
    private readonly string _runDirectory;
    private readonly List<string> _log = [];
    private Process? _process;
    private int _starts;

    /// <summary>Begins to start it; see <see cref="WaitForStart"/>.</summary>
    public DatapathProcess(string netns, string folder, string node, bool withCache, int workers)
    {
        _netns = netns;
        _runDirectory = Path.Combine(folder, node);
        _configFile = Path.Combine(folder, $"{node}.yaml");
        Configure(withCache, workers: workers);
        Launch("");
    }

    public string Log
    {
        get
        {
            lock (_log)
            {
                return string.Join('\n', _log);
            }
        }
    }

    private string AgentSocket => Path.Combine(_runDirectory, "dp.sock");

    // Not "ip netns exec": it gives a mount namespace of its own, with which what is pinned there would go.
    private string Enter => $"nsenter --net=/run/netns/{_netns}";

    public static string Program => Path.Combine(AppContext.BaseDirectory, "fabric-dp.dll");

    /// <summary>Writes the configuration that the next start reads.</summary>
    public void Configure(bool withCache, int flows = 32_768, int? workers = null) =>
        File.WriteAllText(
            _configFile,
            $"""
            node: {Path.GetFileName(_runDirectory)}
            uplink: eth0
            run-dir: {_runDirectory}
            flow-cache: {(withCache ? "true" : "false")}
            flow-table-size: {flows}
            {(workers is { } count ? $"workers: {count}" : "")}
            api: null

            """
        );

    public void Start() => Start("");

    /// <summary>Starts it where /dev/net has no tun.</summary>
    public void StartWithoutTun()
    {
        var script = Path.Combine(_runDirectory, "without-tun.sh");
        File.WriteAllText(script, "mount -t tmpfs none /dev/net && exec \"$@\"\n");
        Start($"unshare --mount sh {script} ");
    }

    /// <summary>Starts it as a process that may not load programs into the kernel.</summary>
    public void StartWithoutRights() => Start("setpriv --bounding-set=-sys_admin,-bpf,-perfmon -- ");

    /// <summary>Waits until it runs.</summary>
    public void WaitForStart() => Shell.WaitUntil(() => CountInLog(" started: ") >= _starts, "the start of fabric-dp");

    private void Start(string wrapper)
    {
        Launch(wrapper);
        WaitForStart();
    }

    private void Launch(string wrapper)
    {
        _starts = CountInLog(" started: ") + 1;
        _process = Shell.Start($"{Enter} {wrapper}dotnet {Program} --config {_configFile}");
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Gives a batch as the agent does, and returns the answer.</summary>
    public Applied Apply(Batch batch)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(AgentSocket));
        socket.Send(InMemoryAgent.Frame(new Envelope { Batch = batch }));
        using var stream = new NetworkStream(socket);
        var length = new byte[4];
        stream.ReadExactly(length);
        var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
        stream.ReadExactly(payload);
        return Envelope.Parser.ParseFrom(payload).Applied;
    }

    /// <summary>An answer of the inspection API as text.</summary>
    public string Inspect(string path)
    {
        using var client = new HttpClient(
            new SocketsHttpHandler
            {
                ConnectCallback = async (_, cancellation) =>
                {
                    var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(_runDirectory, "dp-api.sock")), cancellation);
                    return new NetworkStream(socket, ownsSocket: true);
                },
            }
        );
        return client.GetStringAsync(new Uri($"http://node{path}")).GetAwaiter().GetResult();
    }

    /// <summary>Waits until ports were opened so many times since the beginning.</summary>
    public void WaitForPorts(int count) => Shell.WaitUntil(() => CountInLog("Packets flow on device") >= count, $"{count} ports");

    public void Kill()
    {
        _process!.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Ends it as an operator does (SIGTERM), and returns its exit code.</summary>
    public int Terminate()
    {
        Shell.Run($"kill -TERM {_process!.Id}");
        _process.WaitForExit();
        var code = _process.ExitCode;
        _process.Dispose();
        _process = null;
        return code;
    }

    public void Detach() => Shell.Run($"{Enter} dotnet {Program} --config {_configFile} --detach");

    /// <summary>Detaches where libbpf cannot be loaded.</summary>
    public Shell.Outcome DetachWithoutLibrary()
    {
        var script = Path.Combine(_runDirectory, "without-libbpf.sh");
        File.WriteAllText(
            script,
            "mount --bind /dev/null \"$(ldconfig -p | sed -n 's/.*libbpf.so.1 .*=> //p' | head -n 1)\" && exec \"$@\"\n"
        );
        return Shell.Try($"{Enter} unshare --mount sh {script} dotnet {Program} --config {_configFile} --detach");
    }

    public void Dispose()
    {
        if (_process is { HasExited: false })
        {
            Kill();
        }
    }

    private int CountInLog(string words) => Log.Split('\n').Count(line => line.Contains(words, StringComparison.Ordinal));

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is not null)
        {
            lock (_log)
            {
                _log.Add(line.Data);
            }
        }
    }
}
