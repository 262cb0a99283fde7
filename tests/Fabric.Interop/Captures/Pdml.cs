using System.Xml.Linq;

namespace Fabric.Interop.Captures;

/// <summary>tshark's XML: <c>&lt;field name="bgp.type" show="2" showname="Type: UPDATE Message (2)" value="02"/&gt;</c>, one inside the other.</summary>
internal static class Pdml
{
    public static string Name(this XElement field) => (string?)field.Attribute("name") ?? "";

    public static IEnumerable<XElement> Protocols(this XElement packet, string name) =>
        packet.Elements("proto").Where(protocol => protocol.Name() == name);

    /// <summary>Fields of a name, however deep.</summary>
    public static IEnumerable<XElement> Fields(this XElement field, string name) =>
        field.Descendants("field").Where(inner => inner.Name() == name);

    public static string Show(this XElement field) => (string?)field.Attribute("show") ?? "";

    public static string Words(this XElement field) => (string?)field.Attribute("showname") ?? "";

    /// <summary>What the first field of a name shows; null where there is none.</summary>
    public static string? Show(this XElement field, string name) => field.Fields(name).FirstOrDefault()?.Show();

    /// <summary>The bytes that fields stand for, one after the other.</summary>
    public static string Hex(this IEnumerable<XElement> fields) => string.Concat(fields.Select(field => (string?)field.Attribute("value")));
}
