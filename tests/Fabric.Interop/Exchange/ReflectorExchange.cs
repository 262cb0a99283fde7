using Fabric.Interop.Machine;
using Fabric.Interop.Routes;
using Fabric.Interop.Speakers;

namespace Fabric.Interop.Exchange;

/// <summary>One control node as route reflector and speakers of several makers around it, each with a route of its own of each family.</summary>
internal sealed class ReflectorExchange : IAsyncDisposable
{
    public const uint As = 64512;

    private ReflectorExchange(Lan lan, ControlNode reflector, IReadOnlyList<Member> members)
    {
        Lan = lan;
        Reflector = reflector;
        Members = members;
    }

    public Lan Lan { get; }

    /// <summary>When all sessions are up and all routes are where they belong: so long after all daemons run.</summary>
    public Deadline Settled { get; private set; } = new(Eventually.Patience);

    public ControlNode Reflector { get; }

    public IReadOnlyList<Member> Members { get; }

    /// <param name="adds">Called before anything runs, with the control node's machine: may add others, and returns what is to be known of them.</param>
    /// <param name="shape">What all sessions have in common, told to both ends.</param>
    /// <param name="identifier">Of the control node; null: its address.</param>
    public static async Task<ReflectorExchange> StartAsync(
        IReadOnlyList<(Software Software, Role Role)> cast,
        Func<Lan, LanNode, Task<IReadOnlyList<Neighbor>>>? adds = null,
        Func<Neighbor, Neighbor>? shape = null,
        string? identifier = null
    )
    {
        shape ??= neighbor => neighbor;
        var lan = await Lan.CreateAsync();
        try
        {
            var center = await lan.AddAsync("control");
            var members = new List<Member>();
            foreach (var (software, role) in cast)
            {
                members.Add(Join(await lan.AddAsync($"{software}-{role}".ToLowerInvariant()), center, software, role, shape));
            }

            var added = adds is null ? [] : await adds(lan, center);
            var neighbors = members.Select(AsNeighbor).Select(shape).Concat(added).ToList();
            var exchange = new ReflectorExchange(
                lan,
                new ControlNode(center, As, neighbors) { Identifier = identifier ?? center.Address },
                members
            );
            await Task.WhenAll(members.Select(member => member.Speaker.StartAsync()).Prepend(exchange.Reflector.StartAsync()));
            exchange.Settled = new Deadline(Eventually.Patience);
            return exchange;
        }
        catch
        {
            await lan.DisposeAsync();
            throw;
        }
    }

    /// <summary>What a member is to hold of a family.</summary>
    public IReadOnlyList<Route> Expected(Member receiver, Family family) =>
        [
            .. Members
                .Where(source => source.Speaker.Originated.Any(route => route.Family == family) && Reflection.Reaches(source, receiver))
                .Select(source => receiver.Speaker.AsShown(Reflection.Of(source.Route(family), source, receiver, Reflector))),
        ];

    public Member Of(Software software) => Members.First(member => member.Software.Name == software.Name);

    /// <summary>Waits until a member holds all that the others originate.</summary>
    public Task HoldsAllAsync(Member receiver, Family family) =>
        Eventually.HoldsAsync(
            () => ReceivedAsync(receiver, family),
            Is.EquivalentTo(Expected(receiver, family)),
            () => Logs(receiver),
            Settled
        );

    public string Logs(params IEnumerable<Member> members) =>
        string.Join('\n', members.Select(member => member.Speaker.Log).Append(Reflector.Log));

    /// <summary>What a member says that it holds of a family.</summary>
    public static async Task<IReadOnlyList<Route>> ReceivedAsync(Member receiver, Family family)
    {
        var routes = await receiver.Speaker.ReceivedAsync(family);
        // Daemons give what an external peer sends a local preference of their own.
        return receiver.Role == Role.External ? [.. routes.Select(route => route with { LocalPreference = null })] : routes;
    }

    /// <summary>What each neighbour in a role has in the control node's file: RFC 8212 would have a policy for what external peers say and hear.</summary>
    public static IReadOnlyList<string> KeysOf(Role role) =>
        role == Role.External ? ["requires-policy: false", "export-policy: own-address"] : [];

    /// <summary>The AS of an external peer by the number of its machine: each second one needs four octets (RFC 6793).</summary>
    public static uint ExternalAs(int number) => (number % 2 == 0 ? 4_200_000_000 : 65000) + (uint)number;

    public ValueTask DisposeAsync() => Lan.DisposeAsync();

    private static Member Join(LanNode node, LanNode center, Software software, Role role, Func<Neighbor, Neighbor> shape)
    {
        var autonomousSystem = role == Role.External ? ExternalAs(node.Number) : As;
        var speaker = software.Make(node, autonomousSystem, [shape(new Neighbor(center.Name, center.Address, As, software.Families))]);
        var member = new Member(software, role, speaker);
        speaker.Originate(software.OriginatesAs(role).Intersect(speaker.Neighbors[0].Families).Select(member.Route));
        return member;
    }

    private static Neighbor AsNeighbor(Member member) =>
        new(member.Name, member.Speaker.Node.Address, member.Speaker.As, member.Software.Families)
        {
            IsClient = member.Role == Role.Client,
            FurtherKeys = KeysOf(member.Role),
        };
}
