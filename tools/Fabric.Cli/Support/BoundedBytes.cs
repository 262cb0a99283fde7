using System.Buffers;

namespace Fabric.Cli.Support;

/// <summary>The beginning of a stream, whose rest is read and counted; what came before a break stays.</summary>
internal sealed class BoundedBytes(int limit)
{
    private readonly ArrayBufferWriter<byte> _kept = new();

    public long Total { get; private set; }

    public bool IsCut => Total > limit;

    public byte[] ToArray() => _kept.WrittenSpan.ToArray();

    public async Task ReadAsync(Stream source, CancellationToken cancellation)
    {
        var buffer = new byte[64 * 1024];
        int count;
        while ((count = await source.ReadAsync(buffer, cancellation)) > 0)
        {
            _kept.Write(buffer.AsSpan(0, (int)Math.Min(count, limit - _kept.WrittenCount)));
            Total += count;
        }
    }
}
