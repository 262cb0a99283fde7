namespace Fabric.Wire.Bgp;

/// <summary>Names of error codes and subcodes as the IANA registry has them.</summary>
internal static class NotificationWords
{
    public static string Of(NotificationCode code, byte subcode)
    {
        var (name, detail) = code switch
        {
            NotificationCode.MessageHeaderError => (
                "message header error",
                subcode switch
                {
                    1 => "connection not synchronized",
                    2 => "bad message length",
                    3 => "bad message type",
                    _ => null,
                }
            ),
            NotificationCode.OpenMessageError => ("OPEN message error", Open(subcode)),
            NotificationCode.UpdateMessageError => ("UPDATE message error", Update(subcode)),
            NotificationCode.HoldTimerExpired => ("hold timer expired", null),
            NotificationCode.FiniteStateMachineError => (
                "finite state machine error",
                subcode switch
                {
                    0 => "unspecified",
                    1 => "unexpected message in OpenSent",
                    2 => "unexpected message in OpenConfirm",
                    3 => "unexpected message in Established",
                    _ => null,
                }
            ),
            NotificationCode.Cease => ("cease", Cease(subcode)),
            NotificationCode.SendHoldTimerExpired => ("send hold timer expired", null),
            NotificationCode.RouteRefreshMessageError => ("ROUTE-REFRESH message error", subcode == 1 ? "invalid message length" : null),
            _ => ($"error code {(byte)code}", null),
        };
        return detail is not null ? $"{name}: {detail}"
            : subcode != 0 ? $"{name}: subcode {subcode}"
            : name;
    }

    private static string? Open(byte subcode) =>
        subcode switch
        {
            1 => "unsupported version number",
            2 => "bad peer AS",
            3 => "bad BGP identifier",
            4 => "unsupported optional parameter",
            5 => "authentication failure (deprecated)",
            6 => "unacceptable hold time",
            7 => "unsupported capability",
            11 => "role mismatch",
            _ => null,
        };

    private static string? Update(byte subcode) =>
        subcode switch
        {
            1 => "malformed attribute list",
            2 => "unrecognized well-known attribute",
            3 => "missing well-known attribute",
            4 => "attribute flags error",
            5 => "attribute length error",
            6 => "invalid ORIGIN attribute",
            7 => "AS routing loop (deprecated)",
            8 => "invalid NEXT_HOP attribute",
            9 => "optional attribute error",
            10 => "invalid network field",
            11 => "malformed AS_PATH",
            _ => null,
        };

    private static string? Cease(byte subcode) =>
        subcode switch
        {
            1 => "maximum number of prefixes reached",
            2 => "administrative shutdown",
            3 => "peer de-configured",
            4 => "administrative reset",
            5 => "connection rejected",
            6 => "other configuration change",
            7 => "connection collision resolution",
            8 => "out of resources",
            9 => "hard reset",
            10 => "BFD down",
            _ => null,
        };
}
