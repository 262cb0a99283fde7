namespace Fabric.Controller.Monitoring;

internal sealed partial class BmpExporter
{
    [LoggerMessage(1301, LogLevel.Information, "BMP station {Station} is connected")]
    public partial void LogConnected(string station);

    [LoggerMessage(1302, LogLevel.Warning, "BMP station {Station} is lost: {Reason}; the next attempt is in {Seconds} s")]
    public partial void LogClosed(string station, string reason, double seconds);

    [LoggerMessage(
        1303,
        LogLevel.Warning,
        "BMP station {Station} does not keep up: it has left more than {MebiBytes} MiB unread; it is cut off and begins anew from the tables"
    )]
    public partial void LogTooSlow(string station, int mebiBytes);
}
