namespace Fabric.Transport.Polling;

/// <summary>What a <see cref="PollLoop"/> calls when a watched socket is ready. Readiness that is not used up is told again.</summary>
internal interface IPolled
{
    void Ready(PollEvents events);
}
