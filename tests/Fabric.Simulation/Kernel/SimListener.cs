using System.Net;
using Fabric.Runtime;

namespace Fabric.Simulation.Kernel;

internal sealed class SimListener(
    string node,
    EndPoint local,
    IEventLoop loop,
    Func<IConnection, IConnectionHandler> accepted,
    Action removed
) : IListener
{
    public string Node => node;

    public EndPoint Local => local;

    public IEventLoop Loop => loop;

    public Func<IConnection, IConnectionHandler> Accepted => accepted;

    public void Dispose() => removed();
}
