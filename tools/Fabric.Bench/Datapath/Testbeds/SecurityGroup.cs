namespace Fabric.Bench.Datapath.Testbeds;

/// <summary>A rule that lets new connections pass; the answers pass by connection tracking.</summary>
/// <param name="IsIngress">Towards the machine.</param>
/// <param name="Port">TCP port; null: any protocol.</param>
/// <param name="Remote">The other end, as a prefix.</param>
internal sealed record SecurityRule(bool IsIngress, int? Port, uint Remote, int Length);

/// <summary>
/// The same group for every candidate: half of the rules are for each direction, and the traffic matches the last of its half, so that a
/// list that is read from its beginning is read to its end.
/// </summary>
internal static class SecurityGroup
{
    public const int Size = 20;

    private const int FirstPort = 1000;
    private const int Ports = 50_000;

    // TEST-NET-2: nobody's address.
    private const uint Others = 0xC6336400;

    public static IReadOnlyList<SecurityRule> Rules(int count) => [.. Direction(count / 2, false), .. Direction(count / 2, true)];

    private static IEnumerable<SecurityRule> Direction(int count, bool isIngress) =>
        Enumerable
            .Range(0, count - 1)
            .Select(number => new SecurityRule(isIngress, FirstPort + (number % Ports), Others + (uint)(number & 0xFF), 32))
            .Append(new SecurityRule(isIngress, null, Place.Network, Place.NetworkLength));
}
