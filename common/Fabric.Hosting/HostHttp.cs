using System.Net;
using System.Net.Sockets;
using Fabric.Hosting.Logging;
using Fabric.Runtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fabric.Hosting;

/// <summary>The web server of a program: a unix socket for its own machine's operators and, where wanted, a TCP address.</summary>
public static class HostHttp
{
    private const long MaxRequestBodyBytes = 16 * 1024 * 1024;

    // At the end, answers that are on their way have so long; whoever reads none of one would hold up the program.
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(2);

    /// <param name="socketPath">The unix socket that <see cref="StartPrivateAsync"/> opens.</param>
    /// <param name="address">Null: only the unix socket.</param>
    /// <param name="format">Of the log's lines.</param>
    /// <param name="access">Null: as where the options file says nothing.</param>
    public static WebApplicationBuilder CreateBuilder(
        string socketPath,
        IPEndPoint? address,
        LogFormat format = LogFormat.Text,
        HttpAccess? access = null
    )
    {
        var builder = CreateBuilder(socketPath, address, access ?? new HttpAccess());
        builder.Logging.AddHostLog(format);
        return builder;
    }

    /// <inheritdoc cref="CreateBuilder(string, IPEndPoint?, LogFormat, HttpAccess?)"/>
    /// <param name="logs">Of a program that logs before it serves; the caller's to dispose.</param>
    public static WebApplicationBuilder CreateBuilder(
        string socketPath,
        IPEndPoint? address,
        ILoggerFactory logs,
        HttpAccess? access = null
    )
    {
        var builder = CreateBuilder(socketPath, address, access ?? new HttpAccess());
        builder.Services.AddSingleton(logs);
        return builder;
    }

    /// <summary>
    /// Starts the server; its socket is then private to the owner. A file that a dead process left is replaced.
    /// </summary>
    /// <exception cref="IOException">An address cannot be bound, or another process answers at the socket; the message names it.</exception>
    public static async Task StartPrivateAsync(this WebApplication app, string socketPath)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(socketPath)!);
        var endPoint = new UnixDomainSocketEndPoint(socketPath);
        UnixSocketFile.RemoveStale(endPoint);
        await app.StartAsync();
        UnixSocketFile.Restrict(endPoint);
    }

    private static WebApplicationBuilder CreateBuilder(string socketPath, IPEndPoint? address, HttpAccess access)
    {
        // The empty builder: no file or environment variable of ASP.NET Core has a say.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = s_farewell);
        builder.Services.AddSingleton<IStartupFilter>(new HttpGates(access));
        builder.Services.Configure<SocketTransportOptions>(static sockets => sockets.CreateBoundListenSocket = Bind);
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Limits.MaxRequestBodySize = MaxRequestBodyBytes;
                var logger = kestrel.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger("http");
                kestrel.ConfigureEndpointDefaults(listener => listener.Use(new ConnectionGate(access.MaxConnections, logger).Before));
                kestrel.ListenUnixSocket(socketPath);
                if (address is not null)
                {
                    kestrel.Listen(address);
                }
            });
        return builder;
    }

    // The server's own words name an address only where another process has it.
    private static Socket Bind(EndPoint endPoint)
    {
        try
        {
            return SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint);
        }
        catch (SocketException exception)
        {
            throw new IOException($"Cannot listen on {endPoint}: {exception.Message}.", exception);
        }
    }
}
