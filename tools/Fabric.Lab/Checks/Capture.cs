using System.Diagnostics;
using System.Globalization;
using Fabric.Lab.Machine;

namespace Fabric.Lab.Checks;

/// <summary>Records the frames of a link with tcpdump; tshark, an outside reader, says what they are.</summary>
internal sealed class Capture : IAsyncDisposable
{
    private readonly Process tcpdump;
    private readonly string file;
    private bool stopped;

    private Capture(Process tcpdump, string file)
    {
        this.tcpdump = tcpdump;
        this.file = file;
    }

    /// <summary>Returns when frames are being recorded.</summary>
    public static async Task<Capture> StartAsync(NetworkNamespace space, string link, string file)
    {
        // Frames have slots of the largest size in the buffer, which a burst would soon fill: 64 MiB in place of 2.
        var recorder = space.Start("tcpdump", "-i", link, "--immediate-mode", "-B", "65536", "-U", "-Z", "root", "-w", file);
        var capture = new Capture(recorder, file);
        var said = "";
        while (await capture.tcpdump.StandardError.ReadLineAsync() is { } line)
        {
            said += line;
            if (line.Contains("listening on", StringComparison.Ordinal))
            {
                return capture;
            }
        }

        throw new LabException($"tcpdump on {link}: {said}");
    }

    /// <summary>Ends the recording; returns the fields of each frame that matches a display filter of tshark. A field that occurs twice has both values, joined by a comma.</summary>
    public async Task<IReadOnlyList<IReadOnlyDictionary<string, string>>> FramesAsync(string filter, params string[] fields)
    {
        await StopAsync();
        var output = await Command.MustAsync([
            .. new[] { "tshark", "-n", "-r", file, "-Y", filter, "-T", "fields", "-E", "separator=/t" },
            .. fields.SelectMany(field => new[] { "-e", field }),
        ]);
        return
        [
            .. output
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split('\t'))
                .Select(values => fields.Zip(values).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal)),
        ];
    }

    /// <summary>Ends the recording; returns all that tshark reads in the frames that match a display filter, as PDML.</summary>
    public async Task<string> DissectAsync(string filter)
    {
        await StopAsync();
        return await Command.MustAsync("tshark", "-n", "-r", file, "-Y", filter, "-T", "pdml");
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        tcpdump.Dispose();
    }

    private async Task StopAsync()
    {
        if (!stopped)
        {
            stopped = true;
            await Command.RunAsync("kill", "-INT", tcpdump.Id.ToString(CultureInfo.InvariantCulture));
            await tcpdump.StandardError.ReadToEndAsync();
            await tcpdump.WaitForExitAsync();
        }
    }
}
