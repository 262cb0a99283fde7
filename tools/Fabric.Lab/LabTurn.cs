using Fabric.Lab.Machine;

namespace Fabric.Lab;

/// <summary>
/// One run at a time has the labs of this machine, whose names are the machine's: another's <c>up</c> would remove this one's lab as leftovers. A suite has the
/// turn from before <c>up</c> until after <c>down</c> (build.cake), and says so to what it starts; else a command has it while it builds or removes.
/// </summary>
public sealed class LabTurn : IDisposable
{
    /// <summary>The environment variable that is set where whoever started this command has the turn.</summary>
    public const string Given = "FABRIC_LAB_TURN";

    private const string File = "/run/fabric-lab.lock";
    private static readonly TimeSpan s_retry = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(30);

    private readonly FileStream? file;

    private LabTurn(FileStream? file) => this.file = file;

    /// <summary>Waits for it, and says so; null when the user stopped that.</summary>
    /// <exception cref="LabException">Another run still has it after half an hour.</exception>
    public static async Task<LabTurn?> TakeAsync()
    {
        if (Environment.GetEnvironmentVariable(Given) is not null)
        {
            return new LabTurn(null);
        }

        try
        {
            return await TakeAsync(File, s_patience, Interruption.Token);
        }
        catch (OperationCanceledException) when (Interruption.IsRequested)
        {
            return null;
        }
    }

    internal static async Task<LabTurn> TakeAsync(string path, TimeSpan patience, CancellationToken cancellation)
    {
        using var retry = new PeriodicTimer(s_retry);
        for (var waited = TimeSpan.Zero; ; waited += s_retry)
        {
            if (TryOpen(path) is { } file)
            {
                return new LabTurn(file);
            }

            if (waited >= patience)
            {
                throw new LabException($"another run still has the labs of this machine; \"fuser -v {path}\" says which");
            }

            if (waited == TimeSpan.Zero)
            {
                Console.WriteLine(
                    $"another run has the labs of this machine ({path}); waiting for it, {patience.TotalMinutes:0} minutes at most"
                );
            }

            await retry.WaitForNextTickAsync(cancellation);
        }
    }

    public void Dispose() => file?.Dispose();

    // An exclusive flock(2), which ends with the process; what it starts does not have the file.
    private static FileStream? TryOpen(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
