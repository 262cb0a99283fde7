namespace Fabric.Datapath;

public enum FlowAction : byte
{
    Forward,
    Drop,
}
