using static Fabric.Interop.Faults.RightAttributes;

namespace Fabric.Interop.Faults;

/// <summary>What is wrong in the attributes of a neighbour in another AS, whichever family its routes are of.</summary>
internal static class ExternalFaults
{
    /// <summary>Without a fault: AS 65010 in two octets.</summary>
    public const string Path = "4002040201fdf2";

    /// <summary>All attributes but the next hop.</summary>
    public static IReadOnlyList<(string Name, string Attributes)> Withdrawn { get; } =
    [
        ("no AS at all in AS_PATH (RFC 4271 section 6.3, 7.2)", Origin + AsPath),
        ("another AS first in AS_PATH (RFC 4271 section 6.3, 7.2)", Origin + "4002040201fdf3"),
        ("a confederation's AS in AS_PATH (RFC 5065 section 5)", Origin + "4002080301fde90201fdf2"),
        ("AS 0 in AS_PATH (RFC 7607 section 2)", Origin + "4002060202fdf20000"),
        ("the own AS in AS_PATH (RFC 4271 section 9.1.2)", Origin + "4002060202fdf2fc00"),
        ("no AS_PATH (3 d)", Origin),
        ("a MED of three octets (7.4)", Origin + Path + "800403000032"),
    ];

    /// <summary>One of each type that does not count; the numbers in them are the control node's own.</summary>
    public static IReadOnlyList<(string Name, string Attribute)> Discarded { get; } =
    [
        ("LOCAL_PREF (7.5)", "40050400000190"),
        ("ORIGINATOR_ID, the control node's own at that (7.9)", "8009040a070001"),
        ("CLUSTER_LIST, with the control node's own at that (7.10)", "800a040a070001"),
        ("PREFIX_SID (RFC 8669 section 4)", "c0280a01000700000000000001"),
        ("an ATOMIC_AGGREGATE with a value (7.6)", "40060100"),
        ("an AGGREGATOR of seven octets (7.7)", "c00707fde80a07090100"),
    ];
}
