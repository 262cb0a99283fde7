using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Fabric.Hosting;

/// <summary>The web server of a program: a unix socket for its own machine's operators and, where wanted, a TCP address.</summary>
public static class HostHttp
{
    private const long MaxRequestBodyBytes = 16 * 1024 * 1024;

    /// <param name="socketPath">Created with mode 0600; a file that a dead process left is replaced.</param>
    /// <param name="address">Null: only the unix socket.</param>
    public static WebApplicationBuilder CreateBuilder(string socketPath, IPEndPoint? address)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.ColorBehavior = LoggerColorBehavior.Disabled;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
            console.UseUtcTimestamp = true;
        });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = MaxRequestBodyBytes;
            kestrel.ListenUnixSocket(socketPath);
            if (address is not null)
            {
                kestrel.Listen(address);
            }
        });
        return builder;
    }

    /// <summary>Starts the server; its socket is then private to the owner.</summary>
    /// <exception cref="IOException">An address cannot be bound; the message names it.</exception>
    public static async Task StartPrivateAsync(this WebApplication app, string socketPath)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(socketPath)!);
        File.Delete(socketPath);
        await app.StartAsync();
        File.SetUnixFileMode(socketPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
