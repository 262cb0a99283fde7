namespace Fabric.Cli.Nodes;

/// <summary>A program's answer of lines, read as they come; it may never end.</summary>
/// <param name="program">Who answers, in words.</param>
/// <param name="client">Ended with the answer.</param>
/// <param name="response">Whose headers have come.</param>
/// <param name="reader">Its body.</param>
internal sealed class NodeLines(string program, HttpClient client, HttpResponseMessage response, StreamReader reader) : IDisposable
{
    // An empty line each 15 s says that the program lives.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(45);

    /// <summary>The next line that has something in it; null at the end.</summary>
    /// <exception cref="CliException">The program broke off, or has fallen silent.</exception>
    public async Task<string?> NextAsync(CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            while (true)
            {
                patience.CancelAfter(s_patience);
                if (await reader.ReadLineAsync(patience.Token) is not "" and var line)
                {
                    return line;
                }
            }
        }
        catch (IOException exception)
        {
            throw new CliException($"{program} broke off", exception);
        }
        catch (OperationCanceledException exception) when (!cancellation.IsCancellationRequested)
        {
            throw new CliException($"{program} has said nothing for {s_patience.TotalSeconds:0} s", exception);
        }
    }

    public void Dispose()
    {
        reader.Dispose();
        response.Dispose();
        client.Dispose();
    }
}
