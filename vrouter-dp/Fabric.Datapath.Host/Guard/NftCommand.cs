using System.ComponentModel;
using System.Diagnostics;

namespace Fabric.Datapath.Host.Guard;

/// <summary>Runs the nft program with a script on its standard input; a script is one transaction.</summary>
internal static class NftCommand
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    /// <summary>Returns null when the script took effect, else what went wrong and what to do about it.</summary>
    public static async Task<string?> RunAsync(string script)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo("nft", ["-f", "-"])
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        try
        {
            process.Start();
        }
        catch (Win32Exception exception)
        {
            return $"the program nft cannot be started ({exception.Message}): install the package nftables";
        }

        using var timeout = new CancellationTokenSource(_patience);
        try
        {
            var errors = process.StandardError.ReadToEndAsync(timeout.Token);
            var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
            await process.StandardInput.WriteAsync(script.AsMemory(), timeout.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(timeout.Token);
            await output;
            return process.ExitCode == 0
                ? null
                : $"nft refused the rules: {FirstLine(await errors)} (the kernel needs NF_TABLES_NETDEV, fabric-dp CAP_NET_ADMIN)";
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            return $"nft did not finish within {_patience.TotalSeconds} s and was ended";
        }
        catch (IOException exception)
        {
            return $"nft ended before it had read the rules: {exception.Message}";
        }
    }

    private static string FirstLine(string text) => text.Split('\n', 2)[0].Trim();
}
