using System.Threading.Channels;
using Fabric.Runtime;

namespace Fabric.Transport.Tests;

/// <summary>Turns what a connection tells into lines that a test awaits.</summary>
internal sealed class RecordingHandler : IConnectionHandler
{
    private readonly Channel<string> _events = Channel.CreateUnbounded<string>();

    public List<byte> Received { get; } = [];

    /// <summary>How many of the offered bytes to take; all when not set.</summary>
    public Func<int, int> Consume { get; init; } = offered => offered;

    public Action<IConnection, byte[]> OnBytes { get; init; } = (_, _) => { };

    public bool HasMore => _events.Reader.TryPeek(out _);

    public IConnection? Connection { get; private set; }

    public async Task<string> NextAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return await _events.Reader.ReadAsync(deadline.Token);
    }

    public async Task<string> NextAsync(string startingWith)
    {
        while (true)
        {
            var line = await NextAsync();
            if (line.StartsWith(startingWith, StringComparison.Ordinal))
            {
                return line;
            }
        }
    }

    public void OnOpened(IConnection connection)
    {
        Connection = connection;
        _events.Writer.TryWrite("opened");
    }

    public int OnReceived(IConnection connection, ReadOnlySpan<byte> bytes)
    {
        var consumed = Consume(bytes.Length);
        Received.AddRange(bytes[..consumed]);
        OnBytes(connection, bytes[..consumed].ToArray());
        _events.Writer.TryWrite($"received {bytes.Length}");
        return consumed;
    }

    public void OnWritable(IConnection connection) => _events.Writer.TryWrite("writable");

    public void OnSecured(IConnection connection, IReadOnlyList<string> peerNames) =>
        _events.Writer.TryWrite("secured " + string.Join(',', peerNames));

    public void OnClosed(IConnection connection, string reason) => _events.Writer.TryWrite("closed: " + reason);
}
