using Fabric.Primitives;

namespace Fabric.Controller.Operations;

/// <summary>How much of a session begins anew.</summary>
internal enum ClearMode
{
    /// <summary>The session itself: Cease/Administrative Reset (RFC 4486).</summary>
    Hard,

    /// <summary>Both of the following.</summary>
    Soft,

    /// <summary>The neighbour is asked for its routes again (RFC 2918).</summary>
    SoftIn,

    /// <summary>The neighbour is told its routes again.</summary>
    SoftOut,
}

/// <summary>What an operator asks for: the query <c>?mode=soft-in&amp;family=vpnv4</c>, or <c>?mode=hard&amp;message=WORDS</c>.</summary>
/// <param name="Family">Of a soft clear; null: all of the session.</param>
/// <param name="Message">Of a hard clear: what the neighbour is told (RFC 9003).</param>
internal sealed record ClearRequest(ClearMode Mode, AddressFamily? Family = null, string? Message = null)
{
    private static readonly string[] s_words = ["hard", "soft", "soft-in", "soft-out"];

    public static string Word(ClearMode mode) => s_words[(int)mode];

    /// <summary>Null where a word is not understood; <paramref name="fault"/> then says which.</summary>
    public static ClearRequest? Read(IQueryCollection query, out string fault)
    {
        var mode = (ClearMode)Array.IndexOf(s_words, query["mode"].ToString());
        var hasFamily = query.ContainsKey("family");
        var family = AddressFamily.TryParse(query["family"], out var parsed) ? parsed : (AddressFamily?)null;
        fault =
            !Enum.IsDefined(mode) ? $"mode is none of {string.Join(", ", s_words)}"
            : hasFamily && family is null ? "family is no address family such as vpnv4"
            : hasFamily && mode == ClearMode.Hard ? "a hard clear is of all families: leave family out"
            : query.ContainsKey("message") && mode != ClearMode.Hard ? "only a hard clear has a message"
            : "";
        return fault.Length == 0 ? new ClearRequest(mode, family, query.ContainsKey("message") ? query["message"].ToString() : null) : null;
    }
}
