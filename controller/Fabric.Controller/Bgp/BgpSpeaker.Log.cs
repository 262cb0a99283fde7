using Fabric.Primitives;

namespace Fabric.Controller.Bgp;

internal sealed partial class BgpSpeaker
{
    [LoggerMessage(1101, LogLevel.Warning, "A BGP connection from {Address} was refused: no bgp-router has this address")]
    private partial void LogStranger(IpAddress address);

    [LoggerMessage(1102, LogLevel.Information, "BGP neighbour {Neighbor} is established: {Families}, hold time {HoldSeconds} s")]
    public partial void LogEstablished(string neighbor, string families, double holdSeconds);

    [LoggerMessage(1103, LogLevel.Warning, "BGP neighbour {Neighbor} is down: {Reason}; {Routes}")]
    public partial void LogDown(string neighbor, string reason, string routes);

    [LoggerMessage(1104, LogLevel.Warning, "BGP neighbour {Neighbor}: {Fault}")]
    public partial void LogFault(string neighbor, string fault);

    [LoggerMessage(1105, LogLevel.Information, "BGP neighbour {Neighbor} has sent all its {Family} routes")]
    public partial void LogEndOfRib(string neighbor, AddressFamily family);

    [LoggerMessage(
        1106,
        LogLevel.Error,
        "{Count} {Family} routes have attributes that leave no room for them in an UPDATE; they were not sent"
    )]
    public partial void LogTooLong(int count, AddressFamily family);

    [LoggerMessage(
        1107,
        LogLevel.Error,
        "The system does not take the password or TTL of BGP neighbour {Neighbor}, which stays down: {Reason}"
    )]
    private partial void LogRefused(string neighbor, string reason);

    [LoggerMessage(
        1108,
        LogLevel.Warning,
        "No session with BGP neighbour {Neighbor} came about: {Reason}; attempt {Attempts} in a row, later ones that end so are only counted"
    )]
    public partial void LogNotEstablished(string neighbor, string reason, long attempts);

    [LoggerMessage(1109, LogLevel.Information, "BGP neighbour {Neighbor} was cleared by an operator: {How}")]
    public partial void LogCleared(string neighbor, string how);
}
