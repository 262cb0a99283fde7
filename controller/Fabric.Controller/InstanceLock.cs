namespace Fabric.Controller;

/// <summary>
/// Holds a folder for this process, so that a second one on the same folder does not take its socket away or write to its store. The
/// system lets go of it with the process, however that ends; the file stays and says nothing.
/// </summary>
internal static class InstanceLock
{
    /// <exception cref="IOException">Another process holds the folder; the message names it.</exception>
    public static FileStream Take(string folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder, "fabric-control.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new IOException($"Another fabric-control holds {folder}, or it cannot be locked: {exception.Message}", exception);
        }
    }
}
