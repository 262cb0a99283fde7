using Fabric.Agent.Core.Ports;
using Fabric.Model.Datapath;

namespace Fabric.Agent.Node;

/// <summary>Hears of what happens at an agent, on its loop. Nothing of it may wait or fail.</summary>
public interface IAgentObserver
{
    /// <param name="batch">On its way to the data plane.</param>
    /// <param name="ports">Those that work now, by id.</param>
    void BatchSent(Batch batch, IReadOnlyDictionary<string, ActivePort> ports);

    void RecordsReceived(Records records);

    void DataPlaneConnected();

    /// <summary>The connection ended, or a try to connect failed.</summary>
    void DataPlaneLost(string reason);

    void DataPlaneStuck(TimeSpan silence);

    void DataPlaneRunsAgain();

    /// <param name="controller">Its end point, as configured.</param>
    void ControllerEstablished(string controller);

    /// <summary>An established session ended.</summary>
    void ControllerDown(string controller, string reason);
}
