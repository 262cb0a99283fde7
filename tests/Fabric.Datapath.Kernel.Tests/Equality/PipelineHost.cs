using Fabric.Datapath.Shared;
using Fabric.Model.Datapath;
using Fabric.Wire.Packets;

namespace Fabric.Datapath.Kernel.Tests.Equality;

/// <summary>A host whose packets all pass the C# pipeline.</summary>
internal sealed class PipelineHost(SharedMemory memory)
{
    public Pipeline Pipeline { get; } = new(memory, new PipelineOptions());

    public SharedMemory Memory => memory;

    public void Apply(Batch batch) => Pipeline.Tables.Apply(batch);

    public List<string> Take(TestPacket packet, long now)
    {
        var buffer = packet.Buffer();
        return Take(packet.Vif, ref buffer, packet.Offload, now);
    }

    public List<string> Take(uint vif, ref PacketBuffer frame, in PacketOffload offload, long now)
    {
        var capture = new Capture();
        if (vif == 0)
        {
            frame.Advance(EthernetHeader.Size);
            Pipeline.FromUplink(ref frame, PacketOffload.None, now, capture);
        }
        else
        {
            Pipeline.FromVif(vif, ref frame, offload, now, capture);
        }

        return capture.Sent;
    }
}
