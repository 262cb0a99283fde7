using System.Diagnostics;
using System.Globalization;

namespace Fabric.Datapath.Host.Tests.EndToEnd;

/// <summary>Echo requests to a VM each hundredth of a second, until it is disposed of. The flow is established when this is made.</summary>
internal sealed class EndlessPing : IDisposable
{
    private const string Sequence = "icmp_seq=";

    private readonly List<int> _answered = [];
    private readonly Process _process;

    public EndlessPing(string netns, string address)
    {
        _process = Shell.Start($"ip netns exec {netns} ping -i 0.01 {address}");
        _process.OutputDataReceived += Keep;
        _process.BeginOutputReadLine();
        WaitForMore(1);
    }

    /// <summary>The sequences of the answers, as they came; the first request has 1.</summary>
    public IReadOnlyList<int> Answered
    {
        get
        {
            lock (_answered)
            {
                return [.. _answered];
            }
        }
    }

    public void WaitForMore(int answers)
    {
        var wanted = Answered.Count + answers;
        Shell.WaitUntil(() => Answered.Count >= wanted, $"{answers} answers");
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is { } text && text.Contains(" bytes from ", StringComparison.Ordinal))
        {
            var number = text.AsSpan(text.IndexOf(Sequence, StringComparison.Ordinal) + Sequence.Length);
            lock (_answered)
            {
                _answered.Add(int.Parse(number[..number.IndexOf(' ')], CultureInfo.InvariantCulture));
            }
        }
    }
}
