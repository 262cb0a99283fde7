using System.Text;

namespace Fabric.Cli.Support;

/// <summary>What was found for one part of a bundle. With no bytes, <see cref="Note"/> says why; else, where it is there, what is missing or odd.</summary>
/// <param name="Bytes">As they came: not yet redacted, unless <see cref="IsClean"/>. Null: nothing was found.</param>
/// <param name="Note">For the manifest.</param>
internal sealed record Finding(byte[]? Bytes, string? Note = null)
{
    /// <summary>The secrets are out already.</summary>
    public bool IsClean { get; init; }

    /// <summary>The bytes are the beginning, or of a log the end, of something longer.</summary>
    public bool IsCut { get; init; }

    /// <summary>Whoever was asked gave no sign of life, and need not be asked again.</summary>
    public bool IsSilent { get; init; }

    public static Finding Missing(string why) => new(null, why);

    public static Finding Clean(string text, string? note = null) => Clean(Encoding.UTF8.GetBytes(text), note);

    public static Finding Clean(byte[] bytes, string? note = null) => new(bytes, note) { IsClean = true };
}
