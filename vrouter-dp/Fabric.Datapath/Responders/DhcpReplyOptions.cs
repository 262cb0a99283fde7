using System.Buffers.Binary;
using Fabric.Model.Datapath;
using Fabric.Primitives;
using Fabric.Wire.Packets;

namespace Fabric.Datapath;

/// <summary>
/// The options of a DHCP reply, in a fixed order: 53, 54, the client's 61, 1, 28, 26, 51, 3, 12, 6, 15, 121. A DHCPNAK has 53, 54, 61 and 56 only. Where the client takes no
/// message that all of them fit in, routes go last and as many of them as there is room for, in the order of the configuration.
/// </summary>
internal static class DhcpReplyOptions
{
    private const string WrongAddress = "requested address is not this port's";
    private const int MaxMessageSize = 1500;
    private const int MaxRouteLength = 9;

    /// <summary>Bytes for options in a message that the client takes: 576 bytes of IP packet unless it says more (RFC 2131 section 2).</summary>
    public static int Room(in DhcpMessage request)
    {
        var said = BinaryPrimitives.TryReadUInt16BigEndian(request.Option(DhcpOption.MaximumMessageSize), out var size) ? size : 0;
        return Math.Clamp(said, 576, MaxMessageSize) - Ipv4Header.Size - UdpHeader.Size - DhcpMessage.OptionsOffset;
    }

    public static void Write(
        ref DhcpOptionWriter options,
        DhcpMessageType reply,
        in DhcpMessage request,
        DhcpConfig config,
        HostSettings host
    )
    {
        options.Write(DhcpOption.MessageType, (byte)reply);
        options.Write(DhcpOption.ServerIdentifier, config.Server);
        var identifier = request.Option(DhcpOption.ClientIdentifier);
        if (!identifier.IsEmpty)
        {
            // Unaltered (RFC 6842 section 3): by it a client without a hardware address of its own knows that the answer is to it.
            options.Write(DhcpOption.ClientIdentifier, identifier);
        }

        if (reply == DhcpMessageType.NegativeAcknowledgment)
        {
            options.Write(DhcpOption.Message, WrongAddress);
            options.WriteEnd();
            return;
        }

        var mask = IpPrefix.MaskIpv4((int)config.PrefixLength);
        options.Write(DhcpOption.SubnetMask, mask);
        options.Write(DhcpOption.BroadcastAddress, config.Address | ~mask);
        options.Write(DhcpOption.InterfaceMtu, Mtu(config, host));
        if (request.Type != DhcpMessageType.Inform)
        {
            // An answer to DHCPINFORM has no lease (RFC 2131 section 4.3.5).
            options.Write(DhcpOption.LeaseTime, config.LeaseSeconds != 0 ? config.LeaseSeconds : uint.MaxValue);
        }

        if (config.Gateway != 0)
        {
            options.Write(DhcpOption.Router, config.Gateway);
        }

        WriteText(ref options, DhcpOption.HostName, config.HostName);
        WriteServers(ref options, config);
        WriteText(ref options, DhcpOption.DomainName, config.DomainName);
        WriteRoutes(ref options, request, config);
        options.WriteEnd();
    }

    // A port's own MTU counts only when the tunnel carries it.
    private static ushort Mtu(DhcpConfig config, HostSettings host) =>
        (ushort)(config.Mtu == 0 ? host.TenantMtu : Math.Min(config.Mtu, host.TenantMtu));

    // A client that takes option 121 ignores option 3 (RFC 3442), so the default route is in 121 too, unless the configuration has one.
    private static void WriteRoutes(ref DhcpOptionWriter options, in DhcpMessage request, DhcpConfig config)
    {
        if (config.Routes.Count == 0 && !request.Wants(DhcpOption.ClasslessRoutes))
        {
            return;
        }

        Span<byte> routes = stackalloc byte[MaxMessageSize];
        routes = routes[..options.LargestValue];
        var length = 0;
        var hasDefault = config.Gateway == 0;
        // By index: the enumerator of a message's list is an object.
        for (var i = 0; i < config.Routes.Count; i++)
        {
            hasDefault |= config.Routes[i].Length == 0;
        }

        if (!hasDefault && routes.Length >= MaxRouteLength)
        {
            length += DhcpOptionWriter.WriteClasslessRoute(routes, 0, 0, config.Gateway);
        }

        for (var i = 0; i < config.Routes.Count; i++)
        {
            var route = config.Routes[i];
            var router = route.NextHop != 0 ? route.NextHop : config.Gateway;
            if (router != 0 && length + MaxRouteLength <= routes.Length)
            {
                length += DhcpOptionWriter.WriteClasslessRoute(routes[length..], route.Prefix, (int)route.Length, router);
            }
        }

        if (length > 0)
        {
            options.Write(DhcpOption.ClasslessRoutes, routes[..length]);
        }
    }

    private static void WriteServers(ref DhcpOptionWriter options, DhcpConfig config)
    {
        Span<byte> servers = stackalloc byte[MaxMessageSize];
        var count = Math.Min(config.DnsServers.Count, options.LargestValue / sizeof(uint));
        for (var i = 0; i < count; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(servers[(sizeof(uint) * i)..], config.DnsServers[i]);
        }

        if (count > 0)
        {
            options.Write(DhcpOption.DomainNameServer, servers[..(sizeof(uint) * count)]);
        }
    }

    private static void WriteText(ref DhcpOptionWriter options, DhcpOption code, string text)
    {
        if (text.Length > 0)
        {
            options.Write(code, text);
        }
    }
}
