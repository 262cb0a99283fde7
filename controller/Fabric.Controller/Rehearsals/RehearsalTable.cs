using System.Buffers;
using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Controller.Rehearsals;

/// <summary>What the sender of a rehearsal says in an act: UPDATEs one behind the other. It is short, so that coming and going are counted alike while a method is counted at all.</summary>
internal static class RehearsalTable
{
    public const int Routes = Messages * RoutesOfMessage;

    private const int Messages = 16;
    private const int RoutesOfMessage = 10;

    private static readonly UpdateEncoding s_encoding = new(true, false);
    private static readonly RouteDistinguisher s_rd = new(1);

    public static byte[] Advertisements() =>
        Write(
            (message, output) =>
                UpdatePacker.Advertise<VpnNlri>(AddressFamily.Vpnv4, AttributesOf(message), RoutesOf(message), s_encoding, output)
        );

    public static byte[] Withdrawals() =>
        Write((message, output) => UpdatePacker.Withdraw<VpnNlri>(AddressFamily.Vpnv4, RoutesOf(message), s_encoding, output));

    private static byte[] Write(Action<int, ArrayBufferWriter<byte>> writeMessage)
    {
        var output = new ArrayBufferWriter<byte>();
        for (var message = 0; message < Messages; message++)
        {
            writeMessage(message, output);
        }

        return output.WrittenSpan.ToArray();
    }

    private static PathAttributes AttributesOf(int message) =>
        new()
        {
            NextHop = IpAddress.FromIpv4(0xC000_0202),
            LocalPref = 100,
            Communities = [(uint)message],
            ExtendedCommunities = [RouteTarget.FromAs(new AsNumber(64512), (uint)message).Community],
        };

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
