using System.Net.Sockets;
using Fabric.Interop.Exchange;
using Fabric.Interop.Machine;
using Fabric.Interop.Routes;
using Fabric.Interop.Speakers;
using static Fabric.Interop.Faults.RightAttributes;
using static Fabric.Interop.Speakers.BgpConnection;

namespace Fabric.Interop.Faults;

/// <summary>
/// A neighbour that holds its OPENs back until it and the control node have connected to each other: whichever it sends first, the connection stays that
/// the side with the higher identifier has opened (RFC 4271 section 6.8), of equal ones that with the higher AS (RFC 6286 section 2.3).
/// </summary>
public sealed class CollisionTests
{
    private const string Lower = "10.6.0.1";
    private const string Equal = FaultExchange.Address;
    private const string Higher = "10.8.0.1";

    /// <summary>By the AS of the neighbour.</summary>
    private static readonly (string Identifier, bool OwnIsFirst, bool OwnStays)[] s_cases =
    [
        (Lower, true, false),
        (Lower, false, false),
        (Higher, true, true),
        (Higher, false, true),
        (Equal, true, false),
        (Equal, false, false),
        (Equal, true, true),
        (Equal, false, true),
    ];

    private readonly List<Socket> _listeners = [];

    private static IEnumerable<TestCaseData> Cases =>
        s_cases.Select(
            (collision, number) =>
                new TestCaseData(number).SetArgDisplayNames(
                    $"identifier {collision.Identifier}",
                    $"AS {FaultExchange.CollidingAses[number]}",
                    collision.OwnIsFirst ? "OPEN on its own first" : "OPEN on the other's first"
                )
        );

    [OneTimeSetUp]
    public void Listen() => _listeners.AddRange(s_cases.Select((_, number) => FaultExchange.Listen(FaultExchange.CollidingName(number))));

    [OneTimeTearDown]
    public void Close() => _listeners.ForEach(listener => listener.Dispose());

    [TestCaseSource(nameof(Cases))]
    public async Task One_connection_stays_and_routes_pass_on_it(int number)
    {
        var (identifier, ownIsFirst, ownStays) = s_cases[number];
        var autonomousSystem = FaultExchange.CollidingAses[number];
        using var other = new BgpConnection(await _listeners[number].AcceptAsync().WaitAsync(Eventually.Patience));
        using var own = await FaultExchange.OpenAsync(FaultExchange.CollidingName(number));
        await HearsAsync(other, Types.Open);
        await HearsAsync(own, Types.Open);
        var (first, second) = ownIsFirst ? (own, other) : (other, own);
        var (stays, goes) = ownStays ? (own, other) : (other, own);

        await first.SendAsync(Types.Open, $"{new OpenBody(autonomousSystem, identifier)}");
        await HearsAsync(first, Types.Keepalive);
        await second.SendAsync(Types.Open, $"{new OpenBody(autonomousSystem, identifier)}");

        // Cease/Connection Collision Resolution (RFC 4486).
        Assert.That(await HearsAsync(goes, Types.Notification), Is.EqualTo(new byte[] { 6, 7 }));
        Assert.That(await goes.ReadAsync(), Is.Null);
        if (stays == second)
        {
            await HearsAsync(stays, Types.Keepalive);
        }

        await stays.SendAsync(Types.Keepalive, "");
        using var injector = Injector.Of(stays);
        await FaultExchange.IsToldAsync(injector);
        await AnnouncesAsync(injector, autonomousSystem, number);
        Assert.That(injector.Ended, Is.Empty);
    }

    private static async Task<byte[]> HearsAsync(BgpConnection connection, byte type)
    {
        var message = await connection.ReadAsync().WaitAsync(Eventually.Patience);
        Assert.That(message?.Type, Is.EqualTo(type), FaultExchange.Log);
        return message!.Value.Body;
    }

    /// <summary>10.110.0.0/16 and on.</summary>
    private static async Task AnnouncesAsync(Injector injector, ushort autonomousSystem, int number)
    {
        var path = autonomousSystem == ReflectorExchange.As ? AsPath + LocalPref : $"4002040201{autonomousSystem:x4}";
        await injector.UpdateAsync(Origin + path + NextHop, $"100a{110 + number:x2}");
        await FaultExchange.HaveAsync(Family.Ipv4, $"10.{110 + number}.0.0/16", isThere: true);
    }
}
