using System.Net;
using Fabric.Runtime;

namespace Fabric.Agent.Node;

/// <summary>
/// Which controllers are in use: two of the list. Where there are more, one that is lost or does not answer goes to the end of
/// the list and the first unused one takes its place; otherwise its own session tries again. Owned by the agent's loop.
/// </summary>
internal sealed class ControllerSet : IDisposable
{
    private const int Used = 2;

    private readonly IEventLoop _loop;
    private readonly Func<EndPoint, ControllerLink> _create;
    private readonly TimeSpan _reconnectTime;
    private readonly LinkedList<EndPoint> _spare;
    private readonly List<ControllerLink> _links = [];
    private readonly List<LoopTimer> _replacements = [];
    private bool _stopped;

    public ControllerSet(
        IReadOnlyList<EndPoint> controllers,
        TimeSpan reconnectTime,
        IEventLoop loop,
        Func<EndPoint, ControllerLink> create
    )
    {
        _loop = loop;
        _create = create;
        _reconnectTime = reconnectTime;
        _spare = new LinkedList<EndPoint>(controllers);
    }

    public IReadOnlyList<ControllerLink> Links => _links;

    public IEnumerable<EndPoint> Spare => _spare;

    public ControllerLink? Find(string name) => _links.Find(link => link.Name == name);

    public void Start()
    {
        while (_links.Count < Used && _spare.Count > 0)
        {
            StartFirstSpare();
        }
    }

    /// <summary>The link's session ended, or its try failed.</summary>
    public void Lost(ControllerLink link)
    {
        if (_stopped || _spare.Count == 0 || !_links.Remove(link))
        {
            return;
        }

        link.Session.Stop("another controller takes its place");
        link.Dispose();
        _spare.AddLast(link.EndPoint);

        // Not at once: a list of controllers that all refuse would be gone through without end.
        LoopTimer? timer = null;
        timer = new LoopTimer(
            _loop,
            () =>
            {
                _replacements.Remove(timer!);
                timer!.Dispose();
                StartFirstSpare();
            }
        );
        _replacements.Add(timer);
        timer.Set(_reconnectTime);
    }

    public void Dispose()
    {
        _stopped = true;
        _replacements.ForEach(timer => timer.Dispose());
        foreach (var link in _links)
        {
            link.Session.Stop("the agent stops");
            link.Dispose();
        }
    }

    private void StartFirstSpare()
    {
        var endPoint = _spare.First!.Value;
        _spare.RemoveFirst();
        var link = _create(endPoint);
        _links.Add(link);
        link.Session.Start();
    }
}
