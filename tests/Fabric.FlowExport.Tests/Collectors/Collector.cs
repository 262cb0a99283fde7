using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Fabric.FlowExport.Tests.Collectors;

/// <summary>nfcapd or sfcapd on loopback, with a folder of its own.</summary>
internal sealed class Collector : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fabric-export-");
    private readonly Process _process;

    public Collector(string program)
    {
        EndPoint = FreeEndPoint();
        _process = Start(program, "-b", "127.0.0.1", "-p", $"{EndPoint.Port}", "-w", _folder.FullName, "-t", "3600");
        _process.OutputDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginErrorReadLine();
        Wait(() => Unread() is not null, $"{program} does not listen");
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>Waits until it has read all that was sent: what its socket has no room for is lost.</summary>
    public void Read() => Wait(() => Unread() == 0, "the collector does not read");

    /// <summary>Ends the collector when it has read all that was sent, and has nfdump read what it wrote.</summary>
    /// <returns>A record's columns by the names that nfdump gives them.</returns>
    public List<Dictionary<string, string>> Collected()
    {
        Read();
        Wait(Terminated, "the collector does not end");
        using var nfdump = Start("nfdump", "-R", _folder.FullName, "-o", "csv");
        var errors = nfdump.StandardError.ReadToEndAsync();
        var lines = nfdump.StandardOutput.ReadToEnd().Split('\n');
        nfdump.WaitForExit();
        Assert.That(nfdump.ExitCode, Is.Zero, errors.Result);
        var names = lines[0].Split(',');
        return
        [
            .. lines
                .Skip(1)
                .TakeWhile(static line => line != "Summary")
                .Select(line => names.Zip(line.Split(',')).ToDictionary(cell => cell.First, cell => cell.Second, StringComparer.Ordinal)),
        ];
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["TZ"] = "UTC";
        return Process.Start(start)!;
    }

    private static IPEndPoint FreeEndPoint()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)socket.LocalEndPoint!;
    }

    private static void Wait(Func<bool> condition, string otherwise)
    {
        var started = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.That(started.Elapsed, Is.LessThan(Patience), otherwise);
            Thread.Sleep(Pause);
        }
    }

    // Asked again, since a signal that comes right before the collector waits for a datagram is not seen until the next one.
    private bool Terminated()
    {
        if (_process.HasExited)
        {
            return true;
        }

        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        kill.WaitForExit();
        return _process.WaitForExit(Pause);
    }

    // Octets in the socket's queue; null: there is no socket. Columns: slot, local address, remote address, state, sent:received.
    private long? Unread()
    {
        var local = $"0100007F:{EndPoint.Port:X4}";
        var socket = File.ReadLines("/proc/net/udp")
            .Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(columns => columns[1] == local);
        return socket is null ? null : long.Parse(socket[4].Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
