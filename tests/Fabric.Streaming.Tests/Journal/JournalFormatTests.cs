using System.Text;
using Fabric.Streaming.Journal;

namespace Fabric.Streaming.Tests.Journal;

[TestFixture]
public sealed class JournalFormatTests
{
    // Made with Python's struct module and a bitwise CRC-32C.
    private static readonly byte[] Frame = Convert.FromHexString(
        "20000000c38e90b02a00000000000000004062415944060005000200686f7374317b2261223a317d"
    );

    private static readonly byte[] Header = Convert.FromHexString("4641424a524e4c312a000000000000000040624159440600");

    [Test]
    public void The_checksum_is_CRC_32C() => Assert.That(JournalFormat.Checksum("123456789"u8), Is.EqualTo(0xE3069283));

    [Test]
    public void A_frame_is_read()
    {
        var outcome = JournalFormat.ReadFrame(Frame, out var record, out var length);
        Assert.That((outcome, length), Is.EqualTo((FrameOutcome.Complete, Frame.Length)));
        Assert.That((record.Sequence, record.Time, record.Flags), Is.EqualTo((42UL, 1_764_000_000_000_000L, RecordFlags.LastOfKey)));
        Assert.That((Encoding.UTF8.GetString(record.Key), Encoding.UTF8.GetString(record.Payload)), Is.EqualTo(("host1", "{\"a\":1}")));
    }

    [Test]
    public void A_frame_is_written()
    {
        JournalFormat.ReadFrame(Frame, out var record, out _);
        var frame = new byte[JournalFormat.FrameLength(record.Key.Length, record.Payload.Length)];
        JournalFormat.WriteFrame(frame, record);
        Assert.That(frame, Is.EqualTo(Frame));
    }

    [Test]
    public void A_header_is_read_and_written()
    {
        var written = new byte[JournalFormat.SegmentHeaderLength];
        JournalFormat.WriteSegmentHeader(written, 42, 1_764_000_000_000_000);
        Assert.That(written, Is.EqualTo(Header));
        Assert.That(JournalFormat.TryReadSegmentHeader(Header, 42, out var begun), Is.True);
        Assert.That(begun, Is.EqualTo(1_764_000_000_000_000));
    }

    [Test]
    public void A_header_that_belongs_to_another_file_is_none() =>
        Assert.That(JournalFormat.TryReadSegmentHeader(Header, 43, out _), Is.False);

    [Test]
    public void A_frame_that_is_cut_off_anywhere_is_incomplete()
    {
        for (var length = 0; length < Frame.Length; length++)
        {
            Assert.That(JournalFormat.ReadFrame(Frame.AsSpan(0, length), out _, out _), Is.EqualTo(FrameOutcome.Incomplete), $"{length}");
        }
    }

    [Test]
    public void A_frame_with_any_wrong_bit_is_no_frame()
    {
        for (var bit = 0; bit < Frame.Length * 8; bit++)
        {
            var wrong = (byte[])Frame.Clone();
            wrong[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.That(JournalFormat.ReadFrame(wrong, out _, out _), Is.Not.EqualTo(FrameOutcome.Complete), $"{bit}");
        }
    }
}
