using Fabric.Interop.Machine;
using Fabric.Interop.Routes;
using static Fabric.Interop.Speakers.BgpConnection;

namespace Fabric.Interop.Speakers;

/// <summary>
/// The test itself as a peer of the control node: it sends the bytes that it is given, right or wrong, with two-octet AS numbers, and reads what it
/// is told (<see cref="HeardUpdate"/>).
/// </summary>
internal sealed class Injector : IDisposable
{
    private readonly BgpConnection _connection;
    private Task _reading = Task.CompletedTask;

    // Who waits for it may dispose the injector, which waits for the reader.
    private readonly TaskCompletionSource _established = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<(Family Family, string Name), uint> _heard = [];
    private long _timesAnnounced;
    private volatile TaskCompletionSource? _stopped;
    private volatile string _notification = "";

    private Injector(BgpConnection connection) => _connection = connection;

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
    /// <param name="from">An address of the machine, and its identifier; null: the machine's own.</param>
    /// <param name="receiveBuffer">Bytes that the kernel takes while nothing is read; null: as many as it likes.</param>
    /// <exception cref="IOException">The neighbour does not want it.</exception>
    public static async Task<Injector> ConnectAsync(
        LanNode node,
        string neighbor,
        ushort autonomousSystem,
        IReadOnlyList<Family>? families = null,
        string? from = null,
        int? receiveBuffer = null
    )
    {
        var injector = new Injector(await OpenAsync(node, neighbor, from, receiveBuffer));
        try
        {
            await injector.SendAsync(
                Types.Open,
                $"{new OpenBody(autonomousSystem, from ?? node.Address) { Parameters = OpenBody.Multiprotocol(families ?? []) }}"
            );
            injector._reading = injector.ReadAsync();
            await injector._established.Task.WaitAsync(Eventually.Patience);
            return injector;
        }
        catch
        {
            injector.Dispose();
            throw;
        }
    }

    /// <summary>Takes over a connection on which OPENs and KEEPALIVEs have been exchanged.</summary>
    public static Injector Of(BgpConnection connection)
    {
        var injector = new Injector(connection);
        injector._reading = injector.ReadAsync();
        return injector;
    }

    /// <summary>An UPDATE with these path attributes and prefixes, each in hexadecimal digits.</summary>
    public Task UpdateAsync(string attributes, string prefixes) =>
        SendAsync(Types.Update, $"0000{attributes.Length / 2:x4}{attributes}{prefixes}");

    /// <summary>One that takes prefixes back, and a right one if there is nothing else in it.</summary>
    public Task WithdrawAsync(string prefixes, string attributes = "") =>
        SendAsync(Types.Update, $"{prefixes.Length / 2:x4}{prefixes}{attributes.Length / 2:x4}{attributes}");

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
            await SendAsync(Types.RouteRefresh, $"{Family.Ipv4.AfiInHex()}00{Family.Ipv4.SafiInHex()}");
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
        _connection.Dispose();
        _reading.Wait();
    }

    private Task SendAsync(byte type, string body) => _connection.SendAsync(type, body);

    private async Task ReadAsync()
    {
        try
        {
            while (await NextAsync() is var (type, body))
            {
                await HandleAsync(type, body);
            }

            _established.TrySetException(new IOException("the connection was closed"));
        }
        catch (IOException exception)
        {
            _established.TrySetException(exception);
        }
    }

    private async Task<(byte Type, byte[] Body)?> NextAsync()
    {
        await (_stopped?.Task ?? Task.CompletedTask);
        return await _connection.ReadAsync();
    }

    private async Task HandleAsync(byte type, byte[] body)
    {
        switch (type)
        {
            case Types.Open:
                await SendAsync(Types.Keepalive, "");
                break;
            case Types.Keepalive:
                _established.TrySetResult();
                break;
            case Types.Update:
                Hear(HeardUpdate.Of(body));
                break;
            case Types.Notification:
                _notification = $"{body[0]}/{body[1]}";
                _established.TrySetException(new IOException($"refused with {_notification}"));
                break;
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
