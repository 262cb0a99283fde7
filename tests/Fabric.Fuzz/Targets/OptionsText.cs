using System.Text;
using Fabric.Agent.Configuration;
using Fabric.Controller.Options;
using Fabric.Datapath.Host.Configuration;
using Fabric.Fuzz.Engine;
using Fabric.Hosting.Configuration;

namespace Fabric.Fuzz.Targets;

/// <summary>Option files of the three programs: taken, or refused with words that name the file.</summary>
internal sealed class OptionsText : IFuzzSubject
{
    private const string Path = "fabric.yaml";
    private readonly List<string> _faults = [];

    public int Taken { get; private set; }

    public void Feed(ReadOnlySpan<byte> input)
    {
        _faults.Clear();
        var text = Encoding.UTF8.GetString(input);
        Read(() => ControlNodeOptionsFile.Read(OptionsFile.Parse(text, Path)));
        Read(() => AgentOptions.From(OptionsFile.Parse(text, Path)));
        Read(() => DatapathOptionsFile.Read(OptionsFile.Parse(text, Path)));
    }

    public void Check() =>
        Invariant.Holds(_faults.TrueForAll(f => f.StartsWith(Path, StringComparison.Ordinal)), string.Join('\n', _faults));

    private void Read(Func<object> read)
    {
        try
        {
            read();
            Taken++;
        }
        catch (OptionsException fault)
        {
            _faults.Add(fault.Message);
        }
    }
}
