namespace Fabric.Datapath.Host.PacketIo;

public sealed partial class KernelPacketIo
{
    [LoggerMessage(100, LogLevel.Information, "Packets flow on device {Device} ({Port}).")]
    private partial void LogOpened(string device, string port);

    [LoggerMessage(101, LogLevel.Warning, "No packets flow on device {Device} ({Port}): {Problem}. It is tried again each second.")]
    private partial void LogProblem(string device, string port, string problem);

    [LoggerMessage(
        103,
        LogLevel.Warning,
        "The kernel runs no program at device {Device} ({Port}): {Problem}. Its packets take the slow way."
    )]
    private partial void LogNotCached(string device, string port, string problem);

    [LoggerMessage(
        102,
        LogLevel.Error,
        "The host's own stack cannot be guarded: {Problem}. Ports stay closed until it can; tried again each second."
    )]
    private partial void LogGuardFailed(string problem);
}
