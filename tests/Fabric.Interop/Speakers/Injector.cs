using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Fabric.Interop.Machine;
using Fabric.Interop.Routes;

namespace Fabric.Interop.Speakers;

/// <summary>
/// The test itself as a peer of the control node: it sends the bytes that it is given, right or wrong, with two-octet AS numbers, and reads what it
/// is told (<see cref="HeardUpdate"/>).
/// </summary>
internal sealed class Injector : IDisposable
{
    private const int HeaderBytes = 19;
    private const byte Open = 1;
    private const byte Update = 2;
    private const byte Notification = 3;
    private const byte Keepalive = 4;
    private const byte RouteRefresh = 5;

    private readonly Socket _socket;
    private Task _reading = Task.CompletedTask;
    private readonly TaskCompletionSource _established = new();
    private readonly Dictionary<(Family Family, string Name), uint> _heard = [];
    private long _timesAnnounced;
    private volatile TaskCompletionSource? _stopped;
    private volatile string _notification = "";

    private Injector(Socket socket) => _socket = socket;

    /// <summary>Code and subcode of the NOTIFICATION that ended the session, such as <c>3/10</c>; empty while there is none.</summary>
    public string Ended => _notification;

    /// <summary>The MED of each ipv4 route that it was told and holds, by the prefix's bytes in hexadecimal digits.</summary>
    public IReadOnlyDictionary<string, uint> Heard
    {
        get
        {
            lock (_heard)
            {
                return _heard.Where(heard => heard.Key.Family == Family.Ipv4).ToDictionary(heard => heard.Key.Name, heard => heard.Value);
            }
        }
    }

    private long TimesAnnounced
    {
        get
        {
            lock (_heard)
            {
                return _timesAnnounced;
            }
        }
    }

    /// <param name="families">What it says that it speaks; none: nothing of it, which is ipv4.</param>
    /// <param name="receiveBuffer">Bytes that the kernel takes while nothing is read; null: as many as it likes.</param>
    public static async Task<Injector> ConnectAsync(
        LanNode node,
        string neighbor,
        ushort autonomousSystem,
        IReadOnlyList<Family>? families = null,
        int? receiveBuffer = null
    )
    {
        var socket = NamespaceSocket.Create(node);
        socket.ReceiveBufferSize = receiveBuffer ?? socket.ReceiveBufferSize;
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(neighbor), 179));
        var injector = new Injector(socket);
        // RFC 5492 section 4: each an optional parameter with one capability, that of multiprotocol extensions (RFC 4760 section 8).
        var parameters = string.Concat((families ?? []).Select(family => $"02060104{family.AfiInHex()}00{family.SafiInHex()}"));
        // RFC 4271 section 4.2: version 4, hold time 180.
        await injector.SendAsync(
            Open,
            $"04{autonomousSystem:x4}00b4{Convert.ToHexString(IPAddress.Parse(node.Address).GetAddressBytes())}{parameters.Length / 2:x2}{parameters}"
        );
        injector._reading = injector.ReadAsync();
        await injector._established.Task.WaitAsync(Eventually.Patience);
        return injector;
    }

    /// <summary>An UPDATE with these path attributes and prefixes, each in hexadecimal digits.</summary>
    public Task UpdateAsync(string attributes, string prefixes) =>
        SendAsync(Update, $"0000{attributes.Length / 2:x4}{attributes}{prefixes}");

    /// <summary>One that takes prefixes back, and a right one if there is nothing else in it.</summary>
    public Task WithdrawAsync(string prefixes, string attributes = "") =>
        SendAsync(Update, $"{prefixes.Length / 2:x4}{prefixes}{attributes.Length / 2:x4}{attributes}");

    /// <summary>The routes of a family that it was told and holds.</summary>
    public IReadOnlyList<string> Held(Family family)
    {
        lock (_heard)
        {
            return [.. _heard.Keys.Where(route => route.Family == family).Select(route => route.Name)];
        }
    }

    /// <summary>
    /// Waits until it has read what the control node makes of all that it has said so far: it asks for ipv4 again (RFC 2918), and what was to be told
    /// with the first answer at the latest comes before the second.
    /// </summary>
    public async Task SettleAsync(Func<string> logs)
    {
        for (var round = 0; round < 2; round++)
        {
            var before = TimesAnnounced;
            await SendAsync(RouteRefresh, $"{Family.Ipv4.AfiInHex()}00{Family.Ipv4.SafiInHex()}");
            await Eventually.HoldsAsync(() => Task.FromResult(TimesAnnounced), Is.GreaterThan(before), logs);
        }
    }

    /// <summary>It reads one more message at most, and is still there.</summary>
    public void StopReading() => _stopped = new TaskCompletionSource();

    public void ReadOn()
    {
        var stopped = _stopped;
        _stopped = null;
        stopped?.SetResult();
    }

    public void Dispose()
    {
        ReadOn();
        _socket.Dispose();
        _reading.Wait();
    }

    private async Task SendAsync(byte type, string body)
    {
        var message = new byte[HeaderBytes + body.Length / 2];
        message.AsSpan(0, 16).Fill(0xFF);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(16), (ushort)message.Length);
        message[18] = type;
        Convert.FromHexString(body).CopyTo(message, HeaderBytes);
        await _socket.SendAsync(message);
    }

    private async Task ReadAsync()
    {
        try
        {
            await using var stream = new NetworkStream(_socket);
            var header = new byte[HeaderBytes];
            while (true)
            {
                await (_stopped?.Task ?? Task.CompletedTask);
                await stream.ReadExactlyAsync(header);
                var body = new byte[BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(16)) - HeaderBytes];
                await stream.ReadExactlyAsync(body);
                switch (header[18])
                {
                    case Open:
                        await SendAsync(Keepalive, "");
                        break;
                    case Keepalive:
                        _established.TrySetResult();
                        break;
                    case Update:
                        Hear(HeardUpdate.Of(body));
                        break;
                    case Notification:
                        _notification = $"{body[0]}/{body[1]}";
                        _established.TrySetException(new InvalidOperationException($"refused with {_notification}"));
                        break;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            _established.TrySetException(exception);
        }
    }

    private void Hear(HeardUpdate update)
    {
        lock (_heard)
        {
            update.Withdrawn.ForEach(route => _heard.Remove(route));
            update.Announced.ForEach(route => _heard[route] = update.MultiExitDisc);
            _timesAnnounced += update.Announced.Count(route => route.Family == Family.Ipv4);
        }
    }
}
