using Fabric.Analytics;
using Fabric.Hosting.Loops;
using Google.Protobuf.WellKnownTypes;

namespace Fabric.Streaming;

/// <summary>What is wrong now, by name and subject; each beginning and end is a row of fabric.alarms. From any thread.</summary>
public sealed class AlarmBoard(Func<IStreamEvent, bool> publish, TimeProvider time)
{
    private const string LoopStuck = "loop-stuck";

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Name, string Subject), Alarm> _raised = [];

    /// <summary>Nothing where it stands already.</summary>
    /// <param name="name">Of the rule, such as bgp-session-down.</param>
    /// <param name="subject">What it is about: a neighbour, an agent, a loop.</param>
    /// <param name="text">What is wrong, in words.</param>
    /// <param name="nextStep">What an operator does about it.</param>
    public void Raise(string name, string subject, AlarmSeverity severity, string text, string nextStep)
    {
        lock (_lock)
        {
            if (_raised.ContainsKey((name, subject)))
            {
                return;
            }

            var alarm = new Alarm
            {
                State = AlarmState.Raised,
                Name = name,
                Severity = severity,
                Subject = subject,
                Text = text,
                NextStep = nextStep,
                Raised = Timestamp.FromDateTimeOffset(time.GetUtcNow()),
            };
            _raised.Add((name, subject), alarm);
            publish(alarm.Clone());
        }
    }

    /// <summary>Nothing where it does not stand.</summary>
    /// <param name="text">What ended it, in words.</param>
    public void Clear(string name, string subject, string text)
    {
        lock (_lock)
        {
            if (_raised.Remove((name, subject), out var alarm))
            {
                alarm.State = AlarmState.Cleared;
                alarm.Text = text;
                publish(alarm);
            }
        }
    }

    /// <summary>A loop that hangs is an alarm until it runs again; told by the watch's thread.</summary>
    public void LoopChanged(LoopWatch watch, bool isStuck)
    {
        if (isStuck)
        {
            Raise(
                LoopStuck,
                watch.Name,
                AlarmSeverity.Critical,
                $"the {watch.Name} loop does not run: {watch.Consequence}",
                "take a support bundle, then restart the program"
            );
        }
        else
        {
            Clear(LoopStuck, watch.Name, $"the {watch.Name} loop runs again");
        }
    }
}
