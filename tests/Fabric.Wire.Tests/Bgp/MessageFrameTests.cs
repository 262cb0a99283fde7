using Fabric.Wire.Bgp;

namespace Fabric.Wire.Tests.Bgp;

public sealed class MessageFrameTests
{
    private static readonly byte[] Message = GoldenMessages.Bytes(GoldenMessages.RouteRefresh);

    [Test]
    public void A_message_is_complete_only_with_its_last_byte()
    {
        for (var length = 0; length < Message.Length; length++)
        {
            Assert.That(MessageFrame.Read(Message.AsSpan(0, length), extendedMessages: false).Status, Is.EqualTo(FrameStatus.NeedMore));
        }

        var frame = MessageFrame.Read([.. Message, 0xFF], extendedMessages: false);

        Assert.That(frame.Status, Is.EqualTo(FrameStatus.Complete));
        Assert.That(frame.Type, Is.EqualTo(MessageType.RouteRefresh));
        Assert.That(frame.TotalBytes, Is.EqualTo(23));
    }

    [Test]
    public void A_marker_that_is_not_all_ones_is_not_synchronized_at_its_first_wrong_byte()
    {
        Assert.That(Error([0xFF, 0xFE]), Is.EqualTo(NotificationMessage.ConnectionNotSynchronized));
    }

    // RFC 4271 section 6.1: the data is the erroneous length field.
    [TestCase(4, 18, false, 1, 2)]
    [TestCase(4, 20, false, 1, 2)]
    [TestCase(1, 28, false, 1, 2)]
    [TestCase(2, 22, false, 1, 2)]
    [TestCase(3, 20, false, 1, 2)]
    [TestCase(2, 4097, false, 1, 2)]
    [TestCase(1, 4097, true, 1, 2)]
    [TestCase(0, 19, false, 1, 3)]
    [TestCase(6, 19, false, 1, 3)]
    public void A_wrong_length_or_type_is_told_with_the_field(byte type, int length, bool extended, int code, int subcode)
    {
        var error = Error(Header(type, length), extended);

        Assert.That(((int)error!.Code, (int)error.Subcode), Is.EqualTo((code, subcode)));
        Assert.That(error.Data, Is.EqualTo(subcode == 3 ? [type] : new byte[] { (byte)(length >> 8), (byte)length }));
    }

    [Test]
    public void A_long_update_waits_for_its_rest_where_extended_messages_are_negotiated()
    {
        Assert.That(MessageFrame.Read(Header(2, 65535), extendedMessages: true).Status, Is.EqualTo(FrameStatus.NeedMore));
    }

    private static NotificationMessage? Error(byte[] bytes, bool extended = false) => MessageFrame.Read(bytes, extended).Error;

    private static byte[] Header(byte type, int length)
    {
        var header = new byte[MessageFrame.HeaderBytes];
        header.AsSpan(0, 16).Fill(0xFF);
        header[16] = (byte)(length >> 8);
        header[17] = (byte)length;
        header[18] = type;
        return header;
    }
}
