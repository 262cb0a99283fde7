using Fabric.Primitives;

namespace Fabric.Controller.Monitoring;

/// <summary>The section bmp: the stations, and how often they get statistics; zero: never.</summary>
public sealed record BmpOptions(TimeSpan StatisticsInterval, EquatableArray<BmpStationOptions> Stations);

/// <summary>A station that is connected to.</summary>
public sealed record BmpStationOptions(string Name, IpAddress Address, int Port, BmpTables Tables, TimeSpan ConnectRetry);
