using Fabric.Lab.Machine;

namespace Fabric.Lab;

/// <summary>Takes a lab down, whatever state it is in. It needs only the lab's name, so it also clears what a crash left.</summary>
public static class LabCleaner
{
    public static async Task DownAsync(LabPaths paths)
    {
        // Its relays listen inside the namespaces, which would outlive them.
        await Nodes.KafkaCluster.StopAsync(paths);

        // Processes, links and captures go with their namespaces.
        var namespaces = await NetworkNamespace.WithPrefixAsync(paths.NamespacePrefix);
        await Task.WhenAll(namespaces.Select(space => space.RemoveAsync()));
        if (File.Exists(paths.NodeList))
        {
            foreach (var node in await File.ReadAllLinesAsync(paths.NodeList))
            {
                Remove(LabPaths.Sockets(node));
                await RemovePinsAsync(LabPaths.Pins(node));
            }
        }

        Remove(paths.Runtime);
        Remove(paths.State);
        if (Directory.Exists("/etc/netns"))
        {
            foreach (var directory in Directory.EnumerateDirectories("/etc/netns", paths.NamespacePrefix + "*"))
            {
                Remove(directory);
            }
        }

        await RemoveNamespaceMountAsync();

        // Only the lab's own parents, and only when nobody else uses them.
        foreach (var parent in new[] { LabPaths.Pins(""), "/run/fabric", "/var/lib/fabric", "/etc/netns" })
        {
            if (Directory.Exists(parent) && !Directory.EnumerateFileSystemEntries(parent).Any())
            {
                Directory.Delete(parent);
            }
        }
    }

    /// <summary>The first <c>ip netns add</c> of a machine mounts the folder of namespaces upon itself and nobody ever takes that away.</summary>
    private static async Task RemoveNamespaceMountAsync()
    {
        const string Folder = "/run/netns";
        var isUnused = Directory.Exists(Folder) && !Directory.EnumerateFileSystemEntries(Folder).Any();
        if (isUnused && (await Command.RunAsync("umount", Folder)).ExitCode == 0)
        {
            Directory.Delete(Folder);
        }
    }

    /// <summary>What is pinned goes with its file system.</summary>
    private static async Task RemovePinsAsync(string folder)
    {
        if (Directory.Exists(folder))
        {
            await Command.RunAsync("umount", folder);
            Directory.Delete(folder);
        }
    }

    private static void Remove(string directory)
    {
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
