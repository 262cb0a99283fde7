using System.Diagnostics;
using System.Text.Json;
using Fabric.Bench.Datapath.Machine;

namespace Fabric.Bench.Datapath.Load;

/// <summary>Counts datagrams of <see cref="UdpFlows"/> where a machine's own IP layer takes them, and drops them there.</summary>
internal sealed class UdpSink
{
    private readonly NetworkSpace _machine;

    public UdpSink(NetworkSpace machine)
    {
        _machine = machine;
        machine.Feed(
            $$"""
            table ip sink
            delete table ip sink
            table ip sink {
            counter taken { }
            chain prerouting {
            type filter hook prerouting priority raw; policy accept;
            udp dport {{UdpFlows.FirstPort}}-{{UdpFlows.FirstPort + UdpFlows.PortsPerSocket - 1}} counter name taken drop
            }
            }

            """,
            "nft",
            "-f",
            "-"
        );
    }

    /// <summary>How many came so far, and when that was asked (<see cref="Stopwatch"/>).</summary>
    public (long Packets, long Timestamp) Read()
    {
        var before = Stopwatch.GetTimestamp();
        var text = _machine.Run("nft", "-j", "list", "counter", "ip", "sink", "taken");
        var after = Stopwatch.GetTimestamp();
        using var document = JsonDocument.Parse(text);
        var counter = document.RootElement.GetProperty("nftables").EnumerateArray().First(item => item.TryGetProperty("counter", out _));
        return (counter.GetProperty("counter").GetProperty("packets").GetInt64(), before + ((after - before) / 2));
    }
}
