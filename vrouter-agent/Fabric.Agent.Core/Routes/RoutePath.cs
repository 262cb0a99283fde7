namespace Fabric.Agent.Core.Routes;

/// <summary>What one controller said of a prefix. A stale path is from a session that ended, kept until a new one has said all.</summary>
public readonly record struct RoutePath(string Controller, RemoteRoute Route, bool IsStale);
