using System.Text.Json;

namespace Fabric.Cli.Output;

/// <summary>A row of fabric.sessions in words.</summary>
internal static class SessionEventWords
{
    public static string Of(JsonElement row)
    {
        var number = row.Text("peerAs") is { } text ? $", AS {text}" : "";
        var reason = row.Text("reason") is { } words ? $": {words}" : "";
        return $"{row.Text("protocol")} {row.Text("peer")} ({row.Text("peerAddress")}{number}): {row.Text("oldState")} -> {row.Text("newState")}"
            + reason
            + Notification(row)
            + (row.Text("failedAttempts") is { } attempts and not "1" ? $", attempt {attempts} in a row" : "");
    }

    // RFC 4271 section 4.5; the reason has its meaning in words.
    private static string Notification(JsonElement row) =>
        row.Number("notificationCode") is not 0 and var code
            ? $" (NOTIFICATION {code}/{row.Number("notificationSubcode")} {(row.Flag("sentByUs") ? "sent" : "received")})"
            : "";
}
