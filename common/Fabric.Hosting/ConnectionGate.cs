using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Fabric.Hosting;

/// <summary>
/// So many connections an address serves at a time: each costs memory and a descriptor, of which sessions with hosts and gateways need theirs. A further
/// one is answered in words, before any of its request is looked at.
/// </summary>
/// <param name="most">Connections that are served.</param>
internal sealed partial class ConnectionGate(int most, ILogger logger)
{
    // So many are answered at a time; those beyond are closed without a word.
    private const int MaxRefusals = 32;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private static readonly byte[] s_refusal = Refusal();

    private int _open;

    public ConnectionDelegate Before(ConnectionDelegate next) =>
        async connection =>
        {
            try
            {
                var open = Interlocked.Increment(ref _open);
                if (open <= most)
                {
                    await next(connection);
                    return;
                }

                LogFull(connection.LocalEndPoint?.ToString() ?? "", most);
                if (open <= most + MaxRefusals)
                {
                    await RefuseAsync(connection.Transport);
                }
            }
            finally
            {
                Interlocked.Decrement(ref _open);
            }
        };

    private static async Task RefuseAsync(IDuplexPipe transport)
    {
        try
        {
            // A connection that is closed with octets unread is reset, and the answer is lost with it (RFC 9112 section 9.6).
            using var patience = new CancellationTokenSource(s_patience);
            var request = await transport.Input.ReadAsync(patience.Token);
            transport.Input.AdvanceTo(request.Buffer.End);
            await transport.Output.WriteAsync(s_refusal, patience.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // It asks nothing, or has gone.
        }
    }

    private static byte[] Refusal()
    {
        const int Status = StatusCodes.Status503ServiceUnavailable;
        var body = HttpProblem.Body(
            Status,
            "Too many connections",
            "All connections that this address may have are in use.",
            "Try again later; see who is connected with ss -tnp or ss -xp, or raise api-connections in the options file."
        );
        var head =
            $"HTTP/1.1 {Status} Service Unavailable\r\nContent-Type: {HttpProblem.ContentType}\r\nContent-Length: {body.Length}\r\nRetry-After: 5\r\nConnection: close\r\n\r\n";
        return [.. Encoding.ASCII.GetBytes(head), .. body];
    }

    [LoggerMessage(
        1630,
        LogLevel.Warning,
        "{Address} has {Most} HTTP connections, which are all that it may have; a further one is refused"
    )]
    private partial void LogFull(string address, int most);
}
