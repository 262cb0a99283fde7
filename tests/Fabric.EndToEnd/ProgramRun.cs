using System.Diagnostics;
using System.Text;

namespace Fabric.EndToEnd;

/// <summary>A program that runs as a process of its own; ended with the test at the latest.</summary>
internal sealed class ProgramRun : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    public ProgramRun(string assembly, params IEnumerable<string> arguments)
        : this(["dotnet", assembly, .. arguments]) { }

    private ProgramRun(IReadOnlyList<string> command)
    {
        var start = new ProcessStartInfo("env")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        // What has started the tests may ignore it, as nohup does, and a program inherits that.
        foreach (var argument in command.Prepend("--default-signal=HUP"))
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public static ProgramRun Of(params IReadOnlyList<string> command) => new(command);

    /// <summary>Any command, in a network namespace.</summary>
    public static ProgramRun In(string space, params IEnumerable<string> command) =>
        Of(["nsenter", $"--net=/run/netns/{space}", .. command]);

    public bool HasExited => _process.HasExited;

    /// <summary>Standard output and error together.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public async Task<int> ExitCodeAsync()
    {
        using var deadline = new CancellationTokenSource(s_patience);
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    /// <summary>SIGTERM, as an init system sends it.</summary>
    public void Terminate() => Signal("-TERM");

    /// <summary>SIGHUP: read the options again.</summary>
    public void HangUp() => Signal("-HUP");

    /// <summary>Waits until it has printed a text.</summary>
    public async Task PrintsAsync(string text)
    {
        using var deadline = new CancellationTokenSource(s_patience);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!Output.Contains(text, StringComparison.Ordinal))
        {
            Assert.That(HasExited, Is.False, Output);
            await poll.WaitForNextTickAsync(deadline.Token);
        }
    }

    /// <summary>SIGKILL: a crash.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }

    private void Signal(string signal)
    {
        using var kill = Process.Start("kill", [signal, _process.Id.ToString()]);
        kill.WaitForExit();
    }

    private void Keep(string? line)
    {
        lock (_output)
        {
            _output.Append(line).Append('\n');
        }
    }
}
