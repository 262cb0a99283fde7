using Fabric.Model.Datapath;
using Fabric.Runtime;

namespace Fabric.Datapath.Host.Node;

/// <summary>
/// Batches on their way to the other workers, behind the first: the agent is answered when all have one, so that what it was told holds for each
/// packet. Owned by the first worker.
/// </summary>
/// <param name="first">The first worker's loop.</param>
/// <param name="others">The other workers.</param>
internal sealed class BatchRound(IEventLoop first, IReadOnlyList<DatapathWorker> others)
{
    /// <summary>Batches that may be on their way; an agent that keeps to its window of 16 gives no more unless a worker is stuck.</summary>
    public const int MostUnderWay = 64;

    private sealed class UnderWay(BatchRound round, Batch batch, Action taken)
    {
        private int _waiting = round.Others.Count;

        public BatchRound Round => round;

        public Batch Batch => batch;

        public void Took()
        {
            if (--_waiting == 0)
            {
                round.Count--;
                taken();
            }
        }
    }

    /// <summary>Batches that a worker has not taken yet.</summary>
    public int Count { get; private set; }

    public bool IsFull => Count >= MostUnderWay;

    private IReadOnlyList<DatapathWorker> Others => others;

    private IEventLoop First => first;

    /// <summary>Gives a batch to all of them. Nobody changes it any more.</summary>
    /// <param name="batch">What the first worker has taken.</param>
    /// <param name="taken">Called when all have it: at once when there are no others.</param>
    public void Give(Batch batch, Action taken)
    {
        if (others.Count == 0)
        {
            taken();
            return;
        }

        Count++;
        var underWay = new UnderWay(this, batch, taken);
        foreach (var worker in others)
        {
            worker.Loop.Post(static given => Take(given.Worker, given.UnderWay), (Worker: worker, UnderWay: underWay));
        }
    }

    // What is wrong with it, the first worker has said.
    private static void Take(DatapathWorker worker, UnderWay given)
    {
        worker.Apply(given.Batch);
        given.Round.First.Post(static taken => taken.Took(), given);
    }
}
