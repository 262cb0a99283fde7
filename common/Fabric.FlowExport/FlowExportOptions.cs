using System.Net;
using Fabric.Primitives;

namespace Fabric.FlowExport;

/// <summary>Which collectors hear of flows, and how.</summary>
public sealed record FlowExportOptions
{
    /// <summary>Null: none.</summary>
    public IpfixOptions? Ipfix { get; init; }

    /// <summary>Null: none.</summary>
    public SflowOptions? Sflow { get; init; }

    /// <summary>Rows that may wait: a sixth of a second of 200,000 a second.</summary>
    public int RowCapacity { get; init; } = 32_768;

    /// <summary>Sessions of which is kept what was reported, some 80 octets each; one above is reported by its last row alone.</summary>
    public int SessionCapacity { get; init; } = 131_072;

    /// <summary>Where there is no room, a session without a row for so long is given up.</summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromHours(1);
}

/// <summary>IPFIX over UDP (RFC 7011).</summary>
/// <param name="Collectors">Each gets every message.</param>
public sealed record IpfixOptions(IReadOnlyList<IPEndPoint> Collectors)
{
    /// <summary>Observation domain; 0: the exporter as a whole.</summary>
    public uint Domain { get; init; }

    /// <summary>One record has both ways of a session (RFC 5103); else there is one for each.</summary>
    public bool IsBiflow { get; init; }

    /// <summary>After so long templates are sent again (RFC 7011 section 8.4).</summary>
    public TimeSpan TemplateRefresh { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Octets of a message at most.</summary>
    public int MaxDatagram { get; init; } = FlowExportOptionsFile.DefaultDatagram;
}

/// <summary>sFlow version 5.</summary>
/// <param name="Collectors">Each gets every datagram.</param>
/// <param name="Agent">The address by which collectors know this host.</param>
public sealed record SflowOptions(IReadOnlyList<IPEndPoint> Collectors, IpAddress Agent)
{
    /// <summary>Octets of a datagram at most.</summary>
    public int MaxDatagram { get; init; } = FlowExportOptionsFile.DefaultDatagram;
}
