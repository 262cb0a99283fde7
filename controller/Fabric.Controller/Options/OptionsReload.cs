using Fabric.Hosting.Configuration;

namespace Fabric.Controller.Options;

/// <summary>Reads the options file again when it is told to. A file that can't be taken changes nothing, and the log says why.</summary>
internal sealed partial class OptionsReload(string file, ControlNode node, ILogger logger) : IDisposable
{
    // Two signals in a row: the file as read last is taken last.
    private readonly SemaphoreSlim _one = new(1);

    /// <summary>Answers whether the file was taken.</summary>
    public async Task<bool> RunAsync()
    {
        await _one.WaitAsync();
        try
        {
            var refusals = await node.ReloadAsync(ControlNodeOptionsFile.Load(file));
            if (refusals.Count == 0)
            {
                LogTaken(file);
                return true;
            }

            LogRefused(file, string.Join("; ", refusals));
        }
        catch (OptionsException exception)
        {
            LogRefused(file, exception.Message.Replace("\n", "; ", StringComparison.Ordinal));
        }
        finally
        {
            _one.Release();
        }

        return false;
    }

    public void Dispose() => _one.Dispose();

    [LoggerMessage(1501, LogLevel.Information, "{File} was read again and holds now")]
    private partial void LogTaken(string file);

    [LoggerMessage(1502, LogLevel.Error, "{File} was read again and is refused; nothing was changed: {Reasons}")]
    private partial void LogRefused(string file, string reasons);
}
