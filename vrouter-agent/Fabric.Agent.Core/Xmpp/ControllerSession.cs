using System.Buffers;
using Fabric.Primitives;
using Fabric.Wire.Xmpp;

namespace Fabric.Agent.Core.Xmpp;

/// <summary>
/// The session with one control node, seen from the agent.
/// <code>
///   Idle --start--> Connecting --connected--> WaitOpen --open--> Established                       (without TLS)
///   WaitOpen --open--> WaitFeatures --starttls offered--> WaitProceed --proceed--> Securing
///            --secured--> WaitSecureOpen --open--> Established
///   any --loss, violation, open or hold time over--> WaitRetry --retry--> Connecting
/// </code>
/// It remembers nothing of what was sent: at <see cref="IControllerSessionEffects.Established"/> the agent sends all of its state, and
/// the verbs do nothing while no session is established. Owned by the agent's loop.
/// </summary>
public sealed class ControllerSession(ControllerSessionOptions options, IControllerSessionEffects effects)
{
    private readonly RetryBackoff _backoff = new(options.FirstRetryTime, options.MaximumRetryTime, options.JitterSeed);
    private readonly StanzaStream _stream = new(options.MaximumStanzaBytes);
    private readonly ArrayBufferWriter<byte> _output = new(1024);
    private ulong _requests;

    public ControllerSessionState State { get; private set; }

    public bool IsEstablished => State == ControllerSessionState.Established;

    private bool IsConnected => State > ControllerSessionState.Connecting;

    /// <summary>Begins to connect, and goes on until <see cref="Stop"/>.</summary>
    public void Start()
    {
        if (State == ControllerSessionState.Idle)
        {
            Connect();
        }
    }

    /// <summary>Ends the session for good.</summary>
    public void Stop(string reason)
    {
        var wasConnecting = State >= ControllerSessionState.Connecting;
        State = ControllerSessionState.Idle;
        CancelTimers();
        effects.CancelTimer(ControllerSessionTimer.Retry);
        if (wasConnecting)
        {
            effects.Close(reason);
            effects.Down(reason);
        }
    }

    public void Connected()
    {
        if (State == ControllerSessionState.Connecting)
        {
            State = ControllerSessionState.WaitOpen;
            _stream.Restart();
            WriteOpen();
        }
    }

    /// <summary>Takes all bytes not yet consumed and says how many it consumed.</summary>
    public int Receive(ReadOnlySpan<byte> bytes)
    {
        var total = 0;
        while (IsConnected && State != ControllerSessionState.Securing && total < bytes.Length)
        {
            if (_stream.Read(bytes[total..], out var consumed) is not { } stanza)
            {
                break;
            }

            total += consumed;
            Handle(stanza);
        }

        if (State == ControllerSessionState.Securing && total < bytes.Length)
        {
            // Plain text behind proceed would otherwise be read as if it had come under TLS.
            Fail("bytes behind proceed");
        }

        if (IsEstablished && total > 0)
        {
            effects.SetTimer(ControllerSessionTimer.Hold, options.HoldTime);
        }

        return IsConnected && State != ControllerSessionState.Securing ? total : bytes.Length;
    }

    /// <summary>TLS is up; the names are those of the control node's verified certificate.</summary>
    public void Secured(IReadOnlyList<string> peerNames)
    {
        if (State != ControllerSessionState.Securing)
        {
            return;
        }

        // DNS names have no case (RFC 9525 section 6.3).
        if (!peerNames.Intersect(options.ControllerNames, StringComparer.OrdinalIgnoreCase).Any())
        {
            var expected = string.Join(" or ", options.ControllerNames);
            Fail($"the control node's certificate is for {string.Join(", ", peerNames)}, not for {expected}");
            return;
        }

        State = ControllerSessionState.WaitSecureOpen;
        _stream.Restart();
        WriteOpen();
    }

    public void TimerExpired(ControllerSessionTimer timer)
    {
        switch (timer)
        {
            case ControllerSessionTimer.Retry when State == ControllerSessionState.WaitRetry:
                Connect();
                break;
            case ControllerSessionTimer.Open when State >= ControllerSessionState.Connecting && !IsEstablished:
                Fail(OpenFailure());
                break;
            case ControllerSessionTimer.Hold when IsEstablished:
                Fail($"hold time of {options.HoldTime.TotalSeconds} s over: nothing heard from the control node");
                break;
            case ControllerSessionTimer.KeepAlive when IsEstablished:
                SendKeepAlive();
                break;
        }
    }

    /// <summary>The connection is gone, or could not be made.</summary>
    public void Closed(string reason)
    {
        if (State >= ControllerSessionState.Connecting)
        {
            Retry(reason);
        }
    }

    /// <summary>Asks for the view of this host.</summary>
    public void SubscribeConfig() =>
        Send(
            new ConfigSubscribeStanza(XmppNames.VirtualRouterNode + XmppNames.VirtualRouter(options.AgentName))
            {
                From = options.AgentName,
                To = XmppNames.ControlNodeConfig,
            }
        );

    /// <summary>Joins a VRF; the instance id is the agent's own, stable number of it.</summary>
    public void SubscribeVrf(string vrf, uint instanceId) =>
        Send(
            new SubscribeStanza(vrf, instanceId)
            {
                From = options.AgentName,
                To = XmppNames.ControlNodeRoutes,
                Id = $"subscribe{++_requests}",
            }
        );

    public void UnsubscribeVrf(string vrf, uint instanceId) =>
        Send(
            new UnsubscribeStanza(vrf, instanceId)
            {
                From = options.AgentName,
                To = XmppNames.ControlNodeRoutes,
                Id = $"unsubscribe{++_requests}",
            }
        );

    /// <summary>Publishes a route in a VRF that was subscribed before; in place of an earlier one of the same prefix.</summary>
    public void PublishRoute(string vrf, UnicastItem item) => SendPair(vrf, item, isAssociate: true);

    /// <summary>Withdraws a route; of the item only family and prefix matter.</summary>
    public void WithdrawRoute(string vrf, UnicastItem item) => SendPair(vrf, item, isAssociate: false);

    /// <summary>Says that all routes have been published; what the control node kept from an earlier session and was not sent again goes.</summary>
    public void SendEndOfRib() => Send(new EndOfRibStanza { From = options.AgentName, To = XmppNames.ControlNodeRoutes });

    private void SendPair(string vrf, UnicastItem item, bool isAssociate)
    {
        if (!IsEstablished)
        {
            return;
        }

        var node = RouteNode.Route(item.Family, vrf, item.Prefix);
        var request = ++_requests;
        _output.ResetWrittenCount();
        new PublishStanza(node, item)
        {
            From = options.AgentName,
            To = XmppNames.ControlNodeRoutes,
            Id = $"pubsub{request}",
        }.Write(_output);
        new CollectionStanza(vrf, node, isAssociate)
        {
            From = options.AgentName,
            To = XmppNames.ControlNodeRoutes,
            Id = $"collection{request}",
        }.Write(_output);
        effects.Send(_output.WrittenSpan);
    }

    private void Send(Stanza stanza)
    {
        if (IsEstablished)
        {
            Write(stanza);
        }
    }

    private void Connect()
    {
        State = ControllerSessionState.Connecting;
        effects.SetTimer(ControllerSessionTimer.Open, options.OpenTime);
        effects.Connect();
    }

    private void Handle(Stanza stanza)
    {
        switch (State, stanza)
        {
            case (_, MalformedStanza malformed):
                Fail($"malformed input: {malformed.Reason}");
                break;
            case (_, StreamCloseStanza):
                Fail("the control node closed its stream");
                break;
            case (_, KeepAliveStanza):
                break;
            case (ControllerSessionState.WaitOpen, StreamOpen) when options.UseTls:
                State = ControllerSessionState.WaitFeatures;
                break;
            case (ControllerSessionState.WaitOpen or ControllerSessionState.WaitSecureOpen, StreamOpen):
                Establish();
                break;
            case (ControllerSessionState.WaitFeatures, StreamFeatures { StartTlsRequired: true }):
                State = ControllerSessionState.WaitProceed;
                Write(new StartTlsRequest());
                break;
            case (ControllerSessionState.WaitProceed, TlsProceed):
                State = ControllerSessionState.Securing;
                effects.StartTls();
                break;
            case (ControllerSessionState.Established, StreamFeatures { StartTlsRequired: true }) when !options.UseTls:
                Fail("the control node asks for TLS, which is not configured here");
                break;
            case (ControllerSessionState.Established, _):
                HandleEstablished(stanza);
                break;
            default:
                Fail("a stanza before the session was established");
                break;
        }
    }

    private void HandleEstablished(Stanza stanza)
    {
        switch (stanza)
        {
            case NotificationStanza notification:
                HandleNotification(notification);
                break;
            case EndOfRibStanza:
                effects.EndOfRibReceived();
                break;
            case ConfigStanza config:
                if (!config.Updates.IsEmpty || !config.Deletes.IsEmpty)
                {
                    effects.ConfigReceived(config);
                }

                if (config.IsEnd)
                {
                    effects.EndOfConfigReceived(config.Generation);
                }

                break;
        }
    }

    private void HandleNotification(NotificationStanza notification)
    {
        if (!RouteNode.IsUnicast(notification.Family))
        {
            effects.InputSkipped($"routes of family {notification.Family}");
            return;
        }

        foreach (var (id, item, fault) in notification.Items)
        {
            if (item is not null)
            {
                effects.RouteUpdated(notification.Vrf, item);
            }
            else
            {
                effects.InputSkipped($"route {id} in {notification.Vrf}: {fault}");
            }
        }

        foreach (var id in notification.Retracts)
        {
            if (IpPrefix.TryParse(id, out var prefix))
            {
                effects.RouteRetracted(notification.Vrf, notification.Family, prefix);
            }
            else
            {
                effects.InputSkipped($"retract of '{id}' in {notification.Vrf}, which is no prefix");
            }
        }
    }

    /// <summary>A keepalive goes out at once, as deployed control nodes expect.</summary>
    private void Establish()
    {
        State = ControllerSessionState.Established;
        _backoff.Reset();
        effects.CancelTimer(ControllerSessionTimer.Open);
        effects.SetTimer(ControllerSessionTimer.Hold, options.HoldTime);
        SendKeepAlive();
        effects.Established();
    }

    private void SendKeepAlive()
    {
        effects.Send(XmppFramer.KeepAlive);
        effects.SetTimer(ControllerSessionTimer.KeepAlive, options.KeepAliveTime);
    }

    private void WriteOpen() => Write(new StreamOpen { From = options.AgentName, To = XmppNames.ControlNode });

    private void Write(Stanza stanza)
    {
        _output.ResetWrittenCount();
        stanza.Write(_output);
        effects.Send(_output.WrittenSpan);
    }

    private string OpenFailure() =>
        State switch
        {
            ControllerSessionState.Connecting => "no connection in time",
            ControllerSessionState.WaitFeatures => "the control node offered no TLS in time",
            ControllerSessionState.Securing => "TLS was not up in time",
            _ => "the stream was not opened in time",
        };

    private void Fail(string reason)
    {
        // First the state, so that a connection that reports its end at once is not heard twice.
        State = ControllerSessionState.WaitRetry;
        effects.Close(reason);
        Retry(reason);
    }

    private void Retry(string reason)
    {
        State = ControllerSessionState.WaitRetry;
        CancelTimers();
        effects.SetTimer(ControllerSessionTimer.Retry, _backoff.Next());
        effects.Down(reason);
    }

    private void CancelTimers()
    {
        effects.CancelTimer(ControllerSessionTimer.Open);
        effects.CancelTimer(ControllerSessionTimer.Hold);
        effects.CancelTimer(ControllerSessionTimer.KeepAlive);
    }
}
