using Fabric.Wire.Bgp;

namespace Fabric.Wire.Tests.Bgp;

public sealed class NotificationMessageTests
{
    [Test]
    public void A_notification_is_read_and_written_and_has_words()
    {
        var message = NotificationMessage.Decode(GoldenMessages.Body(GoldenMessages.Notification));

        Assert.That(message, Is.EqualTo(NotificationMessage.Cease(CeaseSubcode.AdministrativeReset)));
        Assert.That(message.ToString(), Is.EqualTo("cease: administrative reset"));
        Assert.That(Encoded(message), Is.EqualTo(GoldenMessages.Bytes(GoldenMessages.Notification)));
    }

    [Test]
    public void A_shutdown_carries_the_operators_words_also_inside_a_hard_reset()
    {
        // RFC 9003 section 2: length and UTF-8.
        var shutdown = NotificationMessage.Shutdown("[TICKET-1] back at 20:00 \u00fc");

        Assert.That(Encoded(shutdown)[19..22], Is.EqualTo(new byte[] { 6, 2, 27 }));
        Assert.That(shutdown.ShutdownMessage, Is.EqualTo("[TICKET-1] back at 20:00 \u00fc"));
        // RFC 8538 section 3.1: the code and subcode within the data of Cease / Hard Reset.
        var hard = NotificationMessage.HardReset(shutdown);
        Assert.That(Encoded(hard)[19..24], Is.EqualTo(new byte[] { 6, 9, 6, 2, 27 }));
        Assert.That(hard.ToString(), Is.EqualTo("cease: hard reset: cease: administrative shutdown: '[TICKET-1] back at 20:00 \u00fc'"));
    }

    [Test]
    public void A_long_shutdown_message_is_cut_at_a_character()
    {
        var message = NotificationMessage.Shutdown(new string('\u20ac', 100));

        Assert.That(message.ShutdownMessage, Is.EqualTo(new string('\u20ac', 85)));
    }

    // IANA's registry of BGP error codes and subcodes.
    [TestCase("02 05", "OPEN message error: authentication failure (deprecated)")]
    [TestCase("02 0b", "OPEN message error: role mismatch")]
    [TestCase("03 07", "UPDATE message error: AS routing loop (deprecated)")]
    [TestCase("06 0a", "cease: BFD down")]
    [TestCase("07 01", "ROUTE-REFRESH message error: invalid message length")]
    [TestCase("08 00", "send hold timer expired")]
    [TestCase("06 04 03 410a42", "cease: administrative reset: 'A\uFFFDB'")]
    [TestCase("63 02", "error code 99: subcode 2")]
    public void A_notification_says_in_words(string body, string words)
    {
        Assert.That(NotificationMessage.Decode(GoldenMessages.Bytes(body)).ToString(), Is.EqualTo(words));
    }

    [Test]
    public void Malformed_data_of_a_shutdown_is_no_message()
    {
        Assert.That(NotificationMessage.Decode([6, 2, 9, 65]).ShutdownMessage, Is.Null);
        Assert.That(NotificationMessage.Decode([6, 9, 6]).ToString(), Is.EqualTo("cease: hard reset"));
    }

    [Test]
    public void A_route_refresh_is_read_and_written()
    {
        var body = GoldenMessages.Body(GoldenMessages.RouteRefresh);
        var buffer = new byte[RouteRefreshMessage.TotalBytes];

        Assert.That(RouteRefreshMessage.TryDecode(body, out var message), Is.True);
        Assert.That(message, Is.EqualTo(new RouteRefreshMessage(Primitives.AddressFamily.Vpnv4, RouteRefreshSubtype.Request)));
        Assert.That(buffer[..message.Encode(buffer)], Is.EqualTo(GoldenMessages.Bytes(GoldenMessages.RouteRefresh)));
    }

    [Test]
    public void A_route_refresh_that_is_cut_is_not_read([Range(0, 3)] int length) =>
        Assert.That(RouteRefreshMessage.TryDecode(GoldenMessages.Body(GoldenMessages.RouteRefresh).AsSpan(0, length), out _), Is.False);

    private static byte[] Encoded(NotificationMessage message)
    {
        var buffer = new byte[message.TotalBytes];
        message.Encode(buffer);
        return buffer;
    }
}
