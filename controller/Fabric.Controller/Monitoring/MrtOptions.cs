namespace Fabric.Controller.Monitoring;

/// <summary>The section mrt: where MRT files are written, and which.</summary>
/// <param name="Folder">Has to exist.</param>
/// <param name="DumpInterval">Between two dumps of the tables, and between two files of the log; zero: no dumps, and one file of the log a day.</param>
/// <param name="LogsUpdates">Whether the UPDATEs of all neighbours are logged.</param>
/// <param name="KeptFiles">So many files of each kind stay; 0: all.</param>
public sealed record MrtOptions(string Folder, TimeSpan DumpInterval, bool LogsUpdates, int KeptFiles);
