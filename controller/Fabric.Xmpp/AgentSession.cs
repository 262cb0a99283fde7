using System.Buffers;
using Fabric.Primitives;
using Fabric.Wire.Xmpp;

namespace Fabric.Xmpp;

/// <summary>
/// One connection of an agent, seen from the control node.
/// <code>
///   WaitOpen --open--> Established                                     (without TLS)
///   WaitOpen --open--> WaitStartTls --starttls--> Securing --secured--> WaitSecureOpen --open--> Established
///   any --open time over, hold time over, violation, loss--> Closed
/// </code>
/// The agent's name is what its stream says it is; with TLS it must also be a name in its certificate. Only then does the
/// name count for anything, so that a stranger cannot push an agent out.
/// </summary>
public sealed class AgentSession
{
    private readonly AgentRegistry _registry;
    private readonly IAgentSessionEffects _effects;

    // Before it is known who talks, a stanza is a name or a wish for TLS.
    private readonly StanzaStream _stream = new(XmppFramer.MaximumOpenBytes);
    private readonly ArrayBufferWriter<byte> _output = new(256);
    private State _state = State.WaitOpen;
    private string _name = "";

    internal AgentSession(AgentRegistry registry, IpAddress remote, IAgentSessionEffects effects)
    {
        _registry = registry;
        _effects = effects;
        Remote = remote;
        effects.SetTimer(AgentSessionTimer.Open, registry.Options.OpenTime);
    }

    private enum State
    {
        WaitOpen,
        WaitStartTls,
        Securing,
        WaitSecureOpen,
        Established,
        Closed,
    }

    public IpAddress Remote { get; }

    /// <summary>The agent, while the session is established.</summary>
    public AgentPeer? Agent { get; private set; }

    /// <summary>Takes all bytes not yet consumed and says how many it consumed.</summary>
    public int Receive(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Take(bytes);
        }
        catch (Exception exception)
        {
            // The bytes would come again with the next ones, and fail again, and what stands before them would be done twice.
            Close($"a fault of this node: {exception.Message}");
            throw;
        }
    }

    private int Take(ReadOnlySpan<byte> bytes)
    {
        var total = 0;
        while (_state is not (State.Closed or State.Securing) && total < bytes.Length)
        {
            if (_stream.Read(bytes[total..], out var consumed) is not { } stanza)
            {
                break;
            }

            total += consumed;
            Handle(stanza);
        }

        if (_state == State.Securing && total < bytes.Length)
        {
            // Plain text behind starttls would otherwise be read as if it had come under TLS.
            Close("bytes behind starttls");
        }

        if (_state == State.Established && total > 0)
        {
            _effects.SetTimer(AgentSessionTimer.Hold, _registry.Options.HoldTime);
        }

        return _state is State.Closed or State.Securing ? bytes.Length : total;
    }

    /// <summary>TLS is up; the names are those of the agent's verified certificate.</summary>
    public void Secured(IReadOnlyList<string> peerNames)
    {
        if (_state != State.Securing)
        {
            return;
        }

        if (!peerNames.Contains(_name))
        {
            Close($"the agent calls itself {_name}, but its certificate is for {string.Join(", ", peerNames)}");
            return;
        }

        _state = State.WaitSecureOpen;
        _stream.Restart();
    }

    public void TimerExpired(AgentSessionTimer timer)
    {
        switch (timer)
        {
            case AgentSessionTimer.Open when _state is not (State.Established or State.Closed):
                Close(_state == State.Securing ? "TLS was not up in time" : "the stream was not opened in time");
                break;
            case AgentSessionTimer.Hold when _state == State.Established:
                Close($"hold time of {_registry.Options.HoldTime.TotalSeconds} s over: nothing heard from the agent");
                break;
            case AgentSessionTimer.KeepAlive when _state == State.Established:
                Send(XmppFramer.KeepAlive);
                _effects.SetTimer(AgentSessionTimer.KeepAlive, _registry.Options.KeepAliveTime);
                break;
        }
    }

    /// <summary>The connection is gone.</summary>
    public void Closed(string reason)
    {
        if (_state != State.Closed)
        {
            End(reason);
        }
    }

    /// <summary>Ends the session from our side.</summary>
    public void Close(string reason)
    {
        if (_state != State.Closed)
        {
            // First the state, so that a connection that reports its end at once is not heard twice.
            _state = State.Closed;
            _effects.Close(reason);
            End(reason);
        }
    }

    internal void Send(ReadOnlySpan<byte> bytes) => _effects.Send(bytes);

    private void Handle(Stanza stanza)
    {
        switch (stanza)
        {
            case MalformedStanza malformed:
                Close($"malformed input: {malformed.Reason}");
                break;
            case StreamCloseStanza:
                Close("the agent closed its stream");
                break;
            case KeepAliveStanza:
                break;
            case StreamOpen open when _state is State.WaitOpen or State.WaitSecureOpen:
                HandleOpen(open);
                break;
            case StartTlsRequest when _state == State.WaitStartTls:
                Write(new TlsProceed());
                _state = State.Securing;
                _effects.StartTls();
                break;
            case var _ when _state == State.Established:
                if (Agent!.Handle(stanza) is { } violation)
                {
                    Close($"protocol violation: {violation}");
                }

                break;
            default:
                Close("a stanza before the session was established");
                break;
        }
    }

    private void HandleOpen(StreamOpen open)
    {
        if (_state == State.WaitSecureOpen && open.From != _name)
        {
            Close($"the agent calls itself {open.From} under TLS and {_name} before");
            return;
        }

        if (open.From.Length > _registry.Options.MaximumNameLength)
        {
            Close($"an agent's name of {open.From.Length} characters, of {_registry.Options.MaximumNameLength} at most");
            return;
        }

        _name = open.From;
        var needsTls = _registry.Options.RequireTls && _state == State.WaitOpen;
        AgentPeer? agent = null;
        if (!needsTls && _registry.Admit(this, _name, out agent) is { } refusal)
        {
            Close(refusal);
            return;
        }

        Write(
            new StreamOpen
            {
                From = XmppNames.ControlNode,
                To = _name,
                Id = _registry.NextStreamId(),
                DefaultNamespace = open.DefaultNamespace,
            }
        );
        if (needsTls)
        {
            _state = State.WaitStartTls;
            Write(new StreamFeatures(StartTlsRequired: true));
            return;
        }

        _state = State.Established;
        _stream.MaximumStanzaBytes = _registry.Options.MaximumStanzaBytes;
        Agent = agent;
        _effects.CancelTimer(AgentSessionTimer.Open);
        _effects.SetTimer(AgentSessionTimer.Hold, _registry.Options.HoldTime);
        _effects.SetTimer(AgentSessionTimer.KeepAlive, _registry.Options.KeepAliveTime);
        agent!.Attach(this);
    }

    private void Write(Stanza stanza)
    {
        _output.ResetWrittenCount();
        stanza.Write(_output);
        _effects.Send(_output.WrittenSpan);
    }

    private void End(string reason)
    {
        _state = State.Closed;
        _effects.CancelTimer(AgentSessionTimer.Open);
        _effects.CancelTimer(AgentSessionTimer.Hold);
        _effects.CancelTimer(AgentSessionTimer.KeepAlive);
        var agent = Agent;
        Agent = null;
        agent?.Detach(reason);
    }
}
