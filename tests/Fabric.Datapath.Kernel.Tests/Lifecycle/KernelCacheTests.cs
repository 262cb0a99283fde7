using Fabric.Datapath.Kernel.Hooks;
using Fabric.Datapath.Kernel.Native;
using Fabric.Datapath.Kernel.Tests.Kernel;
using Fabric.Datapath.Shared;

namespace Fabric.Datapath.Kernel.Tests.Lifecycle;

/// <summary>What outlives a process, and what another one makes of it.</summary>
[TestFixture]
internal sealed class KernelCacheTests
{
    private const int InfoWords = 16;

    private TestNetwork network = null!;
    private KernelCacheFolder folder = null!;

    [SetUp]
    public void MakeNetwork()
    {
        network = new TestNetwork();
        folder = new KernelCacheFolder();
    }

    [TearDown]
    public void LeaveNetwork()
    {
        folder?.Dispose();
        network?.Dispose();
    }

    [TestCase("vif_ingress")]
    [TestCase("uplink_ingress")]
    public void The_kernel_takes_the_program(string name)
    {
        using var cache = KernelCache.Open(folder.Options);
        Assert.That(cache.Programs.Program(name), Is.GreaterThan(0));
    }

    // The program would take all that comes in for nobody's: the pipeline has to have it instead.
    [Test]
    public void A_device_that_the_memory_has_no_slot_for_gets_no_program()
    {
        var index = (uint)folder.Options.Sizes.Devices;
        TestNetwork.Ip($"link add late index {index} type veth peer name late-far");
        using var cache = KernelCache.Open(folder.Options);
        Assert.That(() => cache.AttachVif(index), Throws.TypeOf<KernelCacheException>().With.Message.Contains($"{index}"));
        Assert.That(() => cache.AttachUplink(index), Throws.TypeOf<KernelCacheException>());
        Assert.That(cache.Attached, Is.Empty);
    }

    [Test]
    public void Memory_of_an_earlier_process_is_taken_over_as_it_is()
    {
        using (var before = KernelCache.Open(folder.Options))
        {
            Assert.That(before.TookOver, Is.False);
            before.Memory.Flows[7].OuterSource = 42;
        }

        using var after = KernelCache.Open(folder.Options with { Seed = 1 });
        Assert.That(after.TookOver);
        Assert.That(after.Memory.Flows[7].OuterSource, Is.EqualTo(42));
        Assert.That(after.Memory.Host.Seed, Is.EqualTo(folder.Options.Seed), "flows lie where the seed put them");
    }

    [Test]
    public void Memory_of_other_sizes_is_replaced()
    {
        using (var before = KernelCache.Open(folder.Options))
        {
            before.Memory.Flows[7].OuterSource = 42;
        }

        using var after = KernelCache.Open(folder.Options with { Sizes = folder.Options.Sizes with { Flows = 2048 } });
        Assert.That(after.TookOver, Is.False);
        Assert.That(after.Memory.Flows[7].OuterSource, Is.Zero);
    }

    [Test]
    public void Programs_of_the_same_build_are_taken_over_and_not_verified_again()
    {
        uint before;
        using (var cache = KernelCache.Open(folder.Options))
        {
            before = IdOf(cache, "uplink_ingress");
        }

        using var after = KernelCache.Open(folder.Options);
        Assert.That((after.TookOver, IdOf(after, "uplink_ingress")), Is.EqualTo((true, before)));
    }

    [Test]
    public void Programs_with_other_constants_replace_those_of_before()
    {
        using (var before = KernelCache.Open(folder.Options with { ReportsRuns = false }))
        {
            before.AttachVif(TestNetwork.IndexOf("vif1"));
        }

        using var after = KernelCache.Open(folder.Options with { ReportsRuns = true });
        Assert.That((after.TookOver, IdOf(after, "vif_ingress")), Is.EqualTo((true, IdAt("vif1", folder))));
        Assert.That(
            Directory.GetDirectories(Path.Combine(folder.Path, $"v{KernelCache.LayoutVersion}", "programs")),
            Has.Length.EqualTo(1)
        );
    }

    [Test]
    public void A_program_stays_attached_until_it_is_detached([Values] bool withoutTcx)
    {
        var options = folder.Options with { WithoutTcx = withoutTcx };
        var (vif, uplink) = (TestNetwork.IndexOf("vif1"), TestNetwork.IndexOf("uplink"));
        using (var before = KernelCache.Open(options))
        {
            before.AttachVif(vif);
            before.AttachUplink(uplink);
        }

        using var after = KernelCache.Open(options);
        Assert.That(after.Attached, Is.EquivalentTo(new[] { (vif, HookRole.Vif), (uplink, HookRole.Uplink) }));
        after.Detach(vif);
        Assert.That(after.Attached, Is.EqualTo(new[] { (uplink, HookRole.Uplink) }));
    }

    [Test]
    public void An_attached_program_goes_on_when_its_process_ends([Values] bool withoutTcx)
    {
        var options = folder.Options with { WithoutTcx = withoutTcx };
        using (var before = KernelCache.Open(options))
        {
            before.AttachVif(TestNetwork.IndexOf("vif1"));
        }

        TestNetwork.SendDatagramInto("vif1");
        using var after = KernelCache.Open(options);
        Assert.That(() => DropsOfUnknownVifs(after.Memory), Is.GreaterThan(0).After(2_000, pollingInterval: 5));
    }

    [Test]
    public void A_device_that_went_away_is_forgotten([Values] bool withoutTcx)
    {
        var options = folder.Options with { WithoutTcx = withoutTcx };
        using (var before = KernelCache.Open(options))
        {
            before.AttachVif(TestNetwork.IndexOf("vif1"));
        }

        TestNetwork.Ip("link del vif1");
        using var after = KernelCache.Open(options);
        Assert.That(after.Attached, Is.Empty);
    }

    [Test]
    public void Removal_leaves_nothing([Values] bool withoutTcx)
    {
        using (var cache = KernelCache.Open(folder.Options with { WithoutTcx = withoutTcx }))
        {
            cache.AttachVif(TestNetwork.IndexOf("vif1"));
        }

        KernelCache.Remove(folder.Path);
        Assert.That(folder.Path, Does.Not.Exist);
        Assert.That(TestNetwork.Show("qdisc show dev vif1"), Does.Not.Contain("clsact"));
    }

    [Test]
    public void A_filter_of_somebody_else_at_the_device_stays([Values] bool cameFirst)
    {
        if (cameFirst)
        {
            AddForeignFilter();
        }

        using (var cache = KernelCache.Open(folder.Options with { WithoutTcx = true }))
        {
            cache.AttachVif(TestNetwork.IndexOf("vif1"));
            if (!cameFirst)
            {
                AddForeignFilter();
            }

            Assert.That(Filters(), Does.Contain("vif_ingress").And.Contain(Foreign));
        }

        KernelCache.Remove(folder.Path);
        Assert.That(Filters(), Does.Not.Contain("vif_ingress").And.Contain(Foreign));
    }

    // As builds before this one had it, which took the handle that everybody takes.
    [Test]
    public void A_filter_of_a_former_build_is_replaced()
    {
        var vif = TestNetwork.IndexOf("vif1");
        using (var cache = KernelCache.Open(folder.Options with { WithoutTcx = true }))
        {
            cache.AttachVif(vif);
            AttachAsFormerly(vif, cache.Programs.Program("vif_ingress"));
            Assert.That(CountFilters(), Is.EqualTo(2));
        }

        using var after = KernelCache.Open(folder.Options with { WithoutTcx = true });
        Assert.That(CountFilters(), Is.EqualTo(1));
    }

    [Test]
    public void What_was_attached_in_the_other_way_is_taken_over([Values] bool withoutTcx)
    {
        var vif = TestNetwork.IndexOf("vif1");
        using (var before = KernelCache.Open(folder.Options with { WithoutTcx = !withoutTcx }))
        {
            before.AttachVif(vif);
        }

        using var after = KernelCache.Open(folder.Options with { WithoutTcx = withoutTcx });
        Assert.That(after.Attached, Is.EqualTo(new[] { (vif, HookRole.Vif) }));
        Assert.That(CountFilters(), Is.EqualTo(withoutTcx ? 1 : 0));
        var links = Path.Combine(folder.Path, $"v{KernelCache.LayoutVersion}", "links");
        Assert.That(Directory.GetFiles(links), Has.Length.EqualTo(withoutTcx ? 0 : 1));
    }

    [Test]
    public void A_frame_of_a_device_without_a_vif_goes_nowhere()
    {
        using var cache = KernelCache.Open(folder.Options);
        var run = RunReport.Of(cache.Programs.Program("vif_ingress"), TestNetwork.IndexOf("vif1"), new byte[60]);
        Assert.That((run.Kind, (DropReason)run.Detail), Is.EqualTo((RunKind.Drop, DropReason.UnknownVif)));
        Assert.That(DropsOfUnknownVifs(cache.Memory), Is.EqualTo(1));
    }

    private const string Foreign = "bytecode";

    // Of the priority and handle that others take too; it says nothing of any packet.
    private static void AddForeignFilter()
    {
        if (!TestNetwork.Show("qdisc show dev vif1").Contains("clsact", StringComparison.Ordinal))
        {
            TestNetwork.Show("qdisc add dev vif1 clsact");
        }

        TestNetwork.Run("tc", "filter add dev vif1 ingress pref 1 handle 1 protocol all bpf bytecode \"1,6 0 0 0\" flowid 1:1");
    }

    private static string Filters() => TestNetwork.Show("filter show dev vif1 ingress");

    private static int CountFilters() => Filters().Split("handle 0x").Length - 1;

    private static void AttachAsFormerly(uint device, int program)
    {
        var filter = new TcFilter
        {
            Size = (nuint)System.Runtime.CompilerServices.Unsafe.SizeOf<TcFilter>(),
            Program = program,
            Flags = TcFilter.Replace,
            Handle = 1,
            Priority = 1,
        };
        Assert.That(Libbpf.Attach(TcHook.At(device, TcHook.Ingress), ref filter), Is.Zero);
    }

    // struct bpf_prog_info and struct bpf_link_info begin with a type, a number, and, of a link, its program's number.
    private static unsafe uint IdOf(KernelCache cache, string name)
    {
        var info = stackalloc uint[InfoWords];
        var size = InfoWords * sizeof(uint);
        using var program = Descriptor.Borrow(cache.Programs.Program(name));
        Assert.That(Libbpf.Describe(program, info, (uint*)&size), Is.Zero);
        return info[1];
    }

    private static unsafe uint IdAt(string device, KernelCacheFolder folder)
    {
        var info = stackalloc uint[InfoWords];
        var size = InfoWords * sizeof(uint);
        var path = Path.Combine(folder.Path, $"v{KernelCache.LayoutVersion}", "links", $"vif-{TestNetwork.IndexOf(device)}");
        using var link = Libbpf.OpenPin(path);
        Assert.That(Libbpf.Describe(link, info, (uint*)&size), Is.Zero);
        return info[2];
    }

    private static long DropsOfUnknownVifs(SharedMemory memory) =>
        memory
            .Drops.Span.ToArray()
            .Where(static (_, i) => i % SharedSizes.Reasons == (int)DropReason.UnknownVif)
            .Sum(static drops => (long)drops);
}
