using System.Diagnostics;

namespace Fabric.Streaming.Tests.Kafka;

/// <summary>kcat: what another maker's client reads of a topic.</summary>
internal static class Consumer
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Every message of a topic that the cluster has now, as KEY VALUE.</summary>
    public static string[] ReadAll(string servers, string topic)
    {
        var start = new ProcessStartInfo("kcat", ["-C", "-q", "-e", "-b", servers, "-t", topic, "-o", "beginning", "-f", "%k %s\n"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        using var late = new CancellationTokenSource(Patience);
        using var _ = late.Token.Register(process.Kill);
        var errors = process.StandardError.ReadToEndAsync();
        var messages = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, errors.Result);
        return messages;
    }
}
