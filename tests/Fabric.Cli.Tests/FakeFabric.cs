using System.CommandLine;
using System.Net.Sockets;
using Fabric.Cli.Commands;
using Fabric.Cli.Nodes;
using Fabric.Cli.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Fabric.Cli.Tests;

/// <summary>A machine's run directory with programs that serve stored documents on their unix sockets.</summary>
internal sealed class FakeFabric : IAsyncDisposable
{
    private readonly string _runDirectory = Directory.CreateTempSubdirectory("fabric-cli").FullName;
    private readonly List<WebApplication> _programs = [];
    private readonly List<string> _requests = [];

    /// <summary>Method, path and query, and body of each request so far. Programs hear theirs at the same time.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>What a support bundle takes from the machine: nothing unless a test says.</summary>
    public BundleSources Sources { get; set; } =
        new() { ProcessDirectory = "/nonexistent", Run = (words, _, _) => Task.FromResult(Finding.Missing($"{words[0]} is not asked")) };

    public string RunDirectory => _runDirectory;

    /// <summary>The clock of the command, when the documents were taken.</summary>
    public TimeProvider Time { get; } = new FixedTime(new DateTimeOffset(2026, 11, 21, 11, 11, 29, TimeSpan.Zero));

    /// <param name="answers">Of a path alone, whatever its query; the one with the query asked for goes before.</param>
    public async Task StartAsync(string node, NodeRole role, params (string Path, string Body)[] answers)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(Socket(node, role)));
        var app = builder.Build();
        app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            Keep($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString} {await reader.ReadToEndAsync()}".TrimEnd());
            var body =
                answers.FirstOrDefault(answer => answer.Path == context.Request.Path + context.Request.QueryString).Body
                ?? answers.FirstOrDefault(answer => answer.Path == context.Request.Path).Body;
            context.Response.StatusCode =
                body is null ? StatusCodes.Status404NotFound
                : body.Contains("about:blank", StringComparison.Ordinal) ? StatusCodes.Status422UnprocessableEntity
                : StatusCodes.Status200OK;
            await context.Response.WriteAsync(body ?? """{"title": "There is no such thing"}""");
        });
        await app.StartAsync();
        _programs.Add(app);
    }

    /// <summary>A program that takes requests and answers none.</summary>
    public async Task StartStuckAsync(string node, NodeRole role)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(Socket(node, role)));
        var app = builder.Build();
        app.Run(async context =>
        {
            Keep($"{context.Request.Path}");
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        await app.StartAsync();
        _programs.Add(app);
    }

    /// <summary>A program that says something, and has nothing more to say for as long as it is listened to.</summary>
    public async Task StartFollowedAsync(string node, NodeRole role, string path, string body)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(Socket(node, role)));
        var app = builder.Build();
        app.MapGet(
            path,
            async context =>
            {
                Keep($"{context.Request.Path}{context.Request.QueryString}");
                await context.Response.WriteAsync(body);
                await context.Response.Body.FlushAsync();
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            }
        );
        await app.StartAsync();
        _programs.Add(app);
    }

    /// <summary>A program that refuses all with these words.</summary>
    public async Task StartRefusingAsync(string node, NodeRole role, int status, string reason)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(Socket(node, role)));
        var app = builder.Build();
        app.Run(context =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync(reason);
        });
        await app.StartAsync();
        _programs.Add(app);
    }

    /// <summary>A program that was killed leaves its socket behind, and nobody listens there.</summary>
    public void LeaveDeadSocket(string node, NodeRole role)
    {
        // An orderly end removes the socket by the name it was bound to; under another name it stays.
        var path = Socket(node, role);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path + ".bound"));
        File.Move(path + ".bound", path);
    }

    /// <summary>Runs "fabric ARGUMENTS" as a shell would split it.</summary>
    public async Task<CliResult> RunAsync(string arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var configuration = new InvocationConfiguration { Output = output, Error = error };
        string[] words = [.. arguments.Split(' '), "--run-dir", _runDirectory];
        var exitCode = await FabricCommand.RunAsync(words, configuration, Time, Sources);
        return new CliResult(exitCode, output.ToString(), error.ToString().Replace(_runDirectory, "RUN"));
    }

    /// <summary>As above, with its output seen as it comes, and Ctrl-C.</summary>
    public Task<int> RunAsync(string arguments, TextWriter output, CancellationToken interrupt)
    {
        var configuration = new InvocationConfiguration { Output = output, Error = TextWriter.Null };
        string[] words = [.. arguments.Split(' '), "--run-dir", _runDirectory];
        return FabricCommand.RunAsync(words, configuration, Time, Sources, interrupt);
    }

    /// <summary>What a shell is offered after this text.</summary>
    public async Task<string[]> SuggestAsync(string text)
    {
        using var output = new StringWriter();
        var line = $"{text.Split(' ')[0]} --run-dir {_runDirectory} {text[(text.IndexOf(' ') + 1)..]}";
        await FabricCommand.RunAsync([$"[suggest:{line.Length}]", line], new InvocationConfiguration { Output = output }, Time);
        return output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var program in _programs)
        {
            await program.DisposeAsync();
        }

        Directory.Delete(_runDirectory, recursive: true);
    }

    private void Keep(string request)
    {
        lock (_requests)
        {
            _requests.Add(request);
        }
    }

    public string Socket(string node, NodeRole role) =>
        Path.Combine(Directory.CreateDirectory(Path.Combine(_runDirectory, node)).FullName, role.SocketName());

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
