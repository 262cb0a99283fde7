using System.Text;
using System.Text.Json;

namespace Fabric.Cli.Output;

/// <summary>Says when a data plane's listing holds fewer items than there are.</summary>
internal static class Cut
{
    public static string Note(StringBuilder text, JsonElement listing)
    {
        var shown = listing.Items("items").Count();
        return listing.Number("total") > shown ? $"{text}({shown} of {listing.Text("total")} shown)\n" : text.ToString();
    }
}
