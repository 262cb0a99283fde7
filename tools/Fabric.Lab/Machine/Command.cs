using System.Diagnostics;

namespace Fabric.Lab.Machine;

/// <summary>How a command ended.</summary>
public sealed record CommandResult(int ExitCode, string Output, string Error)
{
    public bool Succeeded => ExitCode == 0;
}

/// <summary>Runs programs of the machine.</summary>
public static class Command
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Runs a command to its end and returns whatever it said; killed after a minute.</summary>
    public static async Task<CommandResult> RunAsync(IEnumerable<string> arguments, string? input = null)
    {
        Interruption.Token.ThrowIfCancellationRequested();
        using var process = Start(arguments);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Interruption.Token);
        patience.CancelAfter(Patience);
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return new CommandResult(process.ExitCode, await output, await error);
    }

    public static Task<CommandResult> RunAsync(params string[] arguments) => RunAsync((IEnumerable<string>)arguments);

    /// <summary>As <see cref="RunAsync(string[])"/>, but a failure is an error with the command's own words.</summary>
    public static async Task<string> MustAsync(IEnumerable<string> arguments, string? input = null)
    {
        var words = arguments.ToList();
        var result = await RunAsync(words, input);
        return result.Succeeded
            ? result.Output
            : throw new LabException(
                $"'{string.Join(' ', words)}' ended with {result.ExitCode}: {result.Error.Trim()} {result.Output.Trim()}"
            );
    }

    public static Task<string> MustAsync(params string[] arguments) => MustAsync((IEnumerable<string>)arguments);

    /// <summary>Starts a command whose output the caller reads.</summary>
    public static Process Start(IEnumerable<string> arguments)
    {
        var words = arguments.ToList();
        var start = new ProcessStartInfo(words[0])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        words.Skip(1).ToList().ForEach(start.ArgumentList.Add);
        return Process.Start(start) ?? throw new LabException($"cannot start {words[0]}");
    }
}
