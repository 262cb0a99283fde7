using BenchmarkDotNet.Attributes;
using Fabric.Primitives;
using Fabric.Routing;
using Fabric.Wire.Bgp;

namespace Fabric.Benchmarks;

/// <summary>
/// Ten VPN-IPv4 routes that a table has already, offered again. With equal attributes their set is looked up and nothing else happens; with
/// another MED a set is made, the routes move to it, and the one that they had goes.
/// </summary>
public class AttributeInterning
{
    private readonly RoutingCore _core = new(
        new RoutingOptions
        {
            LocalAs = new AsNumber(64512),
            RouterId = BgpIdentifier.Parse("10.255.2.1"),
            LocalAddress = IpAddress.Parse("10.255.2.1"),
        }
    );
    private readonly UpdateDecoder _decoder = new(
        new AttributeInterner(),
        new UpdateContext(FourOctetAs: true, IsInternal: true, [AddressFamily.Vpnv4])
    );
    private readonly SampleUpdate _update = SampleUpdate.Canonical();
    private readonly SampleUpdate _changing = SampleUpdate.Canonical();
    private PeerId _peer;
    private PeerId _changingPeer;

    [GlobalSetup]
    public void Establish()
    {
        _peer = Establish("10.255.0.1");
        _changingPeer = Establish("10.255.0.2");
        KnownSet();
        NewSet();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = SampleRoutes.PerSet, Description = "a route offered, set known")]
    public void KnownSet() => Offer(_peer, _update);

    [Benchmark(OperationsPerInvoke = SampleRoutes.PerSet, Description = "a route offered, set new")]
    public void NewSet()
    {
        _changing.ChangeMed();
        Offer(_changingPeer, _changing);
    }

    private PeerId Establish(string address) =>
        _core.Establish(
            new PeerDefinition
            {
                Name = address,
                Kind = PeerKind.InternalBgp,
                RouterId = BgpIdentifier.Parse(address),
                Address = IpAddress.Parse(address),
                Families = [AddressFamily.Vpnv4],
            }
        );

    private void Offer(PeerId peer, SampleUpdate update)
    {
        foreach (var block in _decoder.Decode(update.Body))
        {
            foreach (var route in block.VpnRoutes)
            {
                _core.Advertise(peer, route.Rd, route.Prefix, block.Received!, route.Label);
            }
        }
    }
}
