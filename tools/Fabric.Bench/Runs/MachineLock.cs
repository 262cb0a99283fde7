namespace Fabric.Bench.Runs;

/// <summary>One run at a time on a machine, whoever started it: two would measure each other.</summary>
internal sealed class MachineLock : IDisposable
{
    private static readonly TimeSpan s_retry = TimeSpan.FromMilliseconds(200);

    private readonly FileStream _file;

    private MachineLock(FileStream file) => _file = file;

    /// <summary>Waits for its turn.</summary>
    public static MachineLock Take(CancellationToken cancellation)
    {
        var path = Path.Combine(Path.GetTempPath(), "fabric-bench.lock");
        while (true)
        {
            try
            {
                return new MachineLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException) when (!cancellation.WaitHandle.WaitOne(s_retry))
            {
                // Another run has it.
            }
            catch (IOException)
            {
                throw new OperationCanceledException(cancellation);
            }
        }
    }

    public void Dispose() => _file.Dispose();
}
