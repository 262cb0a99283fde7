using Fabric.Hosting.Configuration;
using Fabric.Primitives;
using Fabric.Routing.Policies;

namespace Fabric.Controller.Options.Policies;

/// <summary>
/// The section policies: ordered terms under names.
/// <code>
/// policies:
///   from-customers:
///     - { name: blackhole, match: { community-lists: [blackhole] }, set: { local-preference: 50 }, then: accept }
///     - { match: { prefix-lists: [customers] }, then: accept }
///     - { then: reject }
/// </code>
/// </summary>
internal static class PolicyReader
{
    public static EquatableArray<RoutePolicy> ReadAll(OptionsFile file)
    {
        var lists = new NamedLists(file);
        if (file.Section("policies") is not { } policies)
        {
            return [];
        }

        return [.. policies.Names.Order(StringComparer.Ordinal).Select(name => Read(policies, name, lists))];
    }

    private static RoutePolicy Read(OptionsFile policies, string name, NamedLists lists)
    {
        var terms = new List<PolicyTerm>();
        foreach (var section in policies.Sections(name))
        {
            var term = new PolicyTerm(
                section.Optional<string>("name", BgpOptionValues.Name, BgpOptionValues.NameExpected, $"term-{terms.Count + 1}")
            )
            {
                Match = MatchReader.Read(section, lists),
                Actions = ActionsReader.Read(section),
                Disposition = section.Optional<Disposition>(
                    "then",
                    PolicyValues.Dispositions.TryParse,
                    PolicyValues.Dispositions.Expected,
                    Disposition.NextTerm
                ),
            };
            if (terms.Exists(other => other.Name == term.Name))
            {
                section.Reject("name", $"there is another term '{term.Name}'");
            }

            terms.Add(term);
        }

        if (terms.Count == 0)
        {
            policies.Reject(name, "it has no terms");
        }

        return new RoutePolicy(name, [.. terms]);
    }
}
