namespace Fabric.Interop.Speakers;

/// <summary>What a speaker is to the control node.</summary>
internal enum Role
{
    /// <summary>Internal, and a client of the route reflector.</summary>
    Client,

    /// <summary>Internal, and no client.</summary>
    NonClient,

    /// <summary>In an AS of its own.</summary>
    External,
}
