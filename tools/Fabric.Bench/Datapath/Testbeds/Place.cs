using Fabric.Primitives;

namespace Fabric.Bench.Datapath.Testbeds;

/// <summary>A machine of the topology: where it is, and what its host calls it.</summary>
/// <param name="Address">Its IPv4 address, as a number.</param>
/// <param name="Device">The host's end of its veth pair.</param>
/// <param name="Label">The MPLS label that leads to it.</param>
internal sealed record Place(uint Address, string Device, uint Label)
{
    public const uint HostA = 0xC0000201;
    public const uint HostB = 0xC0000202;

    /// <summary>VXLAN network identifier of the peers.</summary>
    public const int Vni = 100;

    /// <summary>Every machine is in it.</summary>
    public const uint Network = 0x0A010000;
    public const int NetworkLength = 24;

    public static readonly Place VmA = new(Network + 11, "vm0", 1001);
    public static readonly Place VmB = new(Network + 12, "vm0", 1002);

    /// <summary>Beside A, on the same host.</summary>
    public static readonly Place VmC = new(Network + 13, "vm1", 1003);

    public string Text => TextOf(Address);

    /// <summary>Locally administered, with the address in it.</summary>
    public byte[] Mac => [2, 0, (byte)(Address >> 24), (byte)(Address >> 16), (byte)(Address >> 8), (byte)Address];

    public string MacText =>
        Convert.ToHexString(Mac).ToLowerInvariant().Chunk(2).Select(pair => new string(pair)).Aggregate((a, b) => $"{a}:{b}");

    public static string TextOf(uint address) => IpAddress.FromIpv4(address).ToString();
}
