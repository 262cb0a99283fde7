using System.Buffers.Binary;
using Fabric.Wire.Packets;

namespace Fabric.Wire.Tests.Packets;

public sealed class InternetChecksumTests
{
    // RFC 1071 section 3: the sum of these bytes is ddf2.
    [Test]
    public void The_example_of_rfc_1071() =>
        Assert.That(InternetChecksum.Sum([0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]), Is.EqualTo(0xddf2));

    [Test]
    public void The_fast_sum_equals_the_plain_one([Range(0, 67)] int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        Assert.That(InternetChecksum.Compute(bytes), Is.EqualTo(Plain(bytes)));
    }

    [Test]
    public void Carries_of_long_runs_are_kept()
    {
        var bytes = new byte[65_535];
        bytes.AsSpan().Fill(0xFF);
        Assert.That(InternetChecksum.Compute(bytes), Is.EqualTo(Plain(bytes)));
    }

    [Test]
    public void An_updated_checksum_equals_one_made_afresh([Values(1, 2, 3)] int seed)
    {
        var random = new Random(seed);
        var bytes = new byte[40];
        for (var i = 0; i < 1_000; i++)
        {
            random.NextBytes(bytes);
            var before = InternetChecksum.Compute(bytes);
            var (old, next) = (BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(8)), (ushort)random.Next(65_536));
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(8), next);
            Assert.That(InternetChecksum.Update(before, old, next), Is.EqualTo(InternetChecksum.Compute(bytes)));
        }
    }

    // RFC 1624 section 4: checksum dd2f, a word goes from 5555 to 3285; the older formula of RFC 1141 gave ffff.
    [Test]
    public void The_example_of_rfc_1624() => Assert.That(InternetChecksum.Update(0xdd2f, 0x5555, 0x3285), Is.Zero);

    private static ushort Plain(byte[] bytes)
    {
        ulong sum = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            sum += (ulong)bytes[i] << (i % 2 == 0 ? 8 : 0);
        }

        while (sum > 0xFFFF)
        {
            sum = (sum >> 16) + (sum & 0xFFFF);
        }

        return (ushort)~sum;
    }
}
