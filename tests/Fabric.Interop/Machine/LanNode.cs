using Fabric.Lab.Machine;

namespace Fabric.Interop.Machine;

/// <summary>A machine of a <see cref="Lan"/>.</summary>
/// <param name="Directory">Where its daemons have their files.</param>
internal sealed record LanNode(string Name, int Number, NetworkNamespace Namespace, string Directory)
{
    public string Address => $"10.7.0.{Number}";

    public string Address6 => $"fd07::{Number}";

    /// <summary>An address on the segment that is nobody's: next hop of the routes that this machine originates.</summary>
    public string NextHop => $"10.7.9.{Number}";

    public string NextHop6 => $"fd07::9:{Number}";

    /// <summary>Gives it further addresses, each good for a speaker of its own.</summary>
    public async Task<IReadOnlyList<string>> AddAddressesAsync(int count)
    {
        var addresses = Enumerable.Range(1, count).Select(further => $"10.7.{100 + Number}.{further}").ToList();
        await Namespace.ConfigureAsync([.. addresses.Select(address => $"address add {address}/16 dev eth0")]);
        return addresses;
    }

    /// <summary>Nothing of it leaves the machine any more, and nobody is told.</summary>
    public Task CutOffAsync() =>
        Namespace.MustAsync("nft", "add table ip cut; add chain ip cut out { type filter hook output priority 0; policy drop; }");

    public Task ReconnectAsync() => Namespace.MustAsync("nft", "delete table ip cut");

    /// <summary>Connections come about, and what is said on them is heard neither here nor by the others, until it is said again.</summary>
    public Task HoldDataBackAsync() =>
        Namespace.MustAsync(
            "nft",
            """
            add table ip held-in
            add chain ip held-in data { type filter hook input priority 0; }
            add rule ip held-in data tcp flags & psh == psh drop
            add table ip held-out
            add chain ip held-out data { type filter hook output priority 0; }
            add rule ip held-out data tcp flags & psh == psh drop
            """
        );

    public Task LetDataInAsync() => Namespace.MustAsync("nft", "delete table ip held-in");

    public Task LetDataOutAsync() => Namespace.MustAsync("nft", "delete table ip held-out");

    public string PathOf(string file) => Path.Combine(Directory, file);

    public string Write(string file, string text)
    {
        File.WriteAllText(PathOf(file), text);
        return PathOf(file);
    }
}
