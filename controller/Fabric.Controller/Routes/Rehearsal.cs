using System.Buffers;
using System.Runtime;
using Fabric.Controller.Bgp;
using Fabric.Controller.Streaming;
using Fabric.Primitives;
using Fabric.Routing;
using Fabric.Wire.Bgp;

namespace Fabric.Controller.Routes;

/// <summary>
/// Runs, again and again, through what a full table runs through, while the neighbours are not there yet: a RIB of its own learns the routes of one reflected
/// peer from UPDATEs, tells another one, and forgets them. The runtime compiles a method for good in two steps of thirty calls, with a count of
/// what it does in between; without this, that falls into the seconds in which all neighbours send their tables, on cores that are then wanted
/// (docs/decisions/0008).
/// </summary>
internal static class Rehearsal
{
    public const int RoutesOfAct = Messages * RoutesOfMessage;

    // Short acts: coming and going are counted alike while a method is counted at all.
    private const int Messages = 16;
    private const int RoutesOfMessage = 10;
    private const int UpdatesOfBatch = 512;

    // Half a second at most: what else starts meanwhile is compiled too, and may never be quiet.
    private const int MostActs = 2048;
    private const int QuietActs = 256;

    private static readonly UpdateContext s_context = new(FourOctetAs: true, IsInternal: true, [AddressFamily.Vpnv4]);
    private static readonly RouteDistinguisher s_rd = new(1);

    /// <summary>
    /// Plays until the runtime has nothing more to compile. Returns how often the other peer was told of a route: in each act once that it is
    /// there, once that it is gone.
    /// </summary>
    /// <param name="encoder">Of a node; nothing is written with it.</param>
    /// <param name="makesRows">The node makes rows of its routes: that is played too, and the rows are thrown away.</param>
    /// <param name="mostActs">So many acts at most.</param>
    public static int Run(BgpUpdateWriter encoder, bool makesRows, int mostActs = MostActs)
    {
        var core = new RoutingCore(
            new RoutingOptions
            {
                LocalAs = new AsNumber(64512),
                RouterId = new BgpIdentifier(1),
                LocalAddress = IpAddress.FromIpv4(0xC000_0201),
                ClusterId = 1,
            }
        );
        if (makesRows)
        {
            core.WatchRoutes(isBestOnly: false);
        }

        var (rows, changes) = (new RouteRows(), new List<PathChange>());
        var sender = core.Establish(Client(2));
        core.Establish(Client(3));
        var decoder = new UpdateDecoder(new AttributeInterner(capacity: 1), s_context);
        var batch = new UpdateBatch();
        ReadOnlyMemory<byte>[] messages = [.. Advertisements(), .. Withdrawals()];
        var told = 0;
        var (compiled, quietActs) = (0L, 0);
        for (var act = 0; act < mostActs && quietActs < QuietActs; act++)
        {
            foreach (var message in messages)
            {
                foreach (var block in decoder.Decode(message.Span[MessageFrame.HeaderBytes..]))
                {
                    ReceivedRoutes.Apply(core, sender, block);
                }

                while (core.Read(batch, UpdatesOfBatch) > 0)
                {
                    told += batch.Updates.Length;
                    encoder.Encode(batch.Updates, batch, extended: false);
                }

                core.ReadChanges(changes, RoutesOfMessage);
                changes.ForEach(change => rows.RowOf(change));
                changes.Clear();
            }

            var compiledByNow = JitInfo.GetCompiledMethodCount();
            quietActs = compiledByNow == compiled ? quietActs + 1 : 0;
            compiled = compiledByNow;
        }

        return told;
    }

    private static PeerDefinition Client(uint number) =>
        new()
        {
            Name = $"rehearsal-{number}",
            Kind = PeerKind.InternalBgp,
            RouterId = new BgpIdentifier(number),
            Address = IpAddress.FromIpv4(0xC000_0200 + number),
            IsRouteReflectorClient = true,
            Families = [AddressFamily.Vpnv4],
        };

    private static IEnumerable<ReadOnlyMemory<byte>> Advertisements()
    {
        for (var message = 0; message < Messages; message++)
        {
            var output = new ArrayBufferWriter<byte>();
            var attributes = new PathAttributes
            {
                NextHop = IpAddress.FromIpv4(0xC000_0202),
                LocalPref = 100,
                Communities = [(uint)message],
                ExtendedCommunities = [RouteTarget.FromAs(new AsNumber(64512), (uint)message).Community],
            };
            UpdatePacker.Advertise<VpnNlri>(AddressFamily.Vpnv4, attributes, RoutesOf(message), new UpdateEncoding(true, false), output);
            yield return output.WrittenMemory;
        }
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Withdrawals()
    {
        for (var message = 0; message < Messages; message++)
        {
            var output = new ArrayBufferWriter<byte>();
            UpdatePacker.Withdraw<VpnNlri>(AddressFamily.Vpnv4, RoutesOf(message), new UpdateEncoding(true, false), output);
            yield return output.WrittenMemory;
        }
    }

    private static VpnNlri[] RoutesOf(int message) =>
        [
            .. Enumerable
                .Range(message * RoutesOfMessage, RoutesOfMessage)
                .Select(route => new VpnNlri(
                    s_rd,
                    new IpPrefix(IpAddress.FromIpv4(0x0A00_0000 + (uint)route), 32),
                    new MplsLabel(16 + (uint)route)
                )),
        ];
}
