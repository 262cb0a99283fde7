using Fabric.Model.Config;
using Fabric.Primitives;

namespace Fabric.Config.Allocation;

/// <summary>
/// Gives ports addresses that no other port of their network has. The ports are gathered with the first question, of all networks at once; from then on
/// only what is given here comes to them.
/// </summary>
internal sealed class PortAddresses(ConfigDraft draft)
{
    /// <summary>A locally administered address (IEEE 802): 02, then 40 bits of the port's UUID.</summary>
    private const ulong LocalMac = 0x0200_0000_0000;
    private const ulong MacSuffixMask = 0x00FF_FFFF_FFFF;

    private Dictionary<ConfigKey, InUse>? _networks;

    public static ConfigKey NetworkOf(Port port) => ConfigKey.Resolve(ConfigKind.VirtualNetwork, port.Project, port.Network);

    /// <summary>The lowest free address of the network's first subnet that has one; null where none has.</summary>
    public IpAddress? Take(ConfigKey network) => InUseIn(network).TakeAddress();

    /// <summary>An address from the end of a port's UUID, or the next one that is free.</summary>
    public MacAddress NewMac(ConfigKey network, Guid port)
    {
        Span<byte> identifier = stackalloc byte[16];
        port.TryWriteBytes(identifier, bigEndian: true, out _);
        var suffix = MacAddress.Read(identifier[10..]).Value;
        MacAddress address;
        do
        {
            address = new MacAddress(LocalMac | suffix++ & MacSuffixMask);
        } while (!InUseIn(network).Macs.Add(address));

        return address;
    }

    // Whoever asks for a port has put it, so its network is there.
    private InUse InUseIn(ConfigKey network) => (_networks ??= Gather())[network];

    private Dictionary<ConfigKey, InUse> Gather()
    {
        var ports = draft.Of<Port>().ToLookup(NetworkOf);
        var subnets = draft.Of<Subnet>().ToLookup(subnet => ConfigKey.Resolve(ConfigKind.VirtualNetwork, subnet.Project, subnet.Network));
        return ports.Select(same => same.Key).ToDictionary(network => network, network => new InUse(subnets[network], ports[network]));
    }

    private sealed class InUse
    {
        private readonly HashSet<IpAddress> _addresses;

        // Where the search goes on: what was in use does not become free within a request.
        private readonly IEnumerator<IpAddress> _hosts;

        public InUse(IEnumerable<Subnet> subnets, IEnumerable<Port> ports)
        {
            var all = ports.ToList();
            _addresses = [.. all.SelectMany(port => port.Addresses)];
            Macs = [.. all.Select(port => port.MacAddress).OfType<MacAddress>()];
            _hosts = subnets.SelectMany(AddressPool.Hosts).GetEnumerator();
        }

        public HashSet<MacAddress> Macs { get; }

        public IpAddress? TakeAddress()
        {
            while (_hosts.MoveNext())
            {
                if (_addresses.Add(_hosts.Current))
                {
                    return _hosts.Current;
                }
            }

            return null;
        }
    }
}
