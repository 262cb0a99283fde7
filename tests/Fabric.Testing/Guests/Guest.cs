using System.Diagnostics;
using System.Text;

namespace Fabric.Testing.Guests;

/// <summary>
/// A virtual machine in software emulation that runs one script as its first process and ends with it. It reaches nothing but the taps that
/// it is given. The script finds busybox's programs, and what was added to its files.
/// </summary>
public sealed class Guest : IDisposable
{
    private const string End = "guest-ends";
    private readonly InitialRamDisk _files = new();
    private readonly GuestKernel _kernel = GuestKernel.Find();
    private readonly StringBuilder _modules = new();
    private readonly HashSet<string> _loaded = new(StringComparer.Ordinal);
    private readonly List<string> _devices = [];
    private readonly StringBuilder _output = new();
    private Process? _machine;

    public Guest()
    {
        _files.AddFile("/bin/busybox");
        foreach (var folder in (string[])["proc", "sys", "dev", "run", "tmp", "etc"])
        {
            _files.AddFolder(folder);
        }
    }

    public InitialRamDisk Files => _files;

    public int MemoryMegabytes { get; init; } = 1024;

    public int Processors { get; init; } = 1;

    /// <summary>The network namespace of the guest's taps; null: this process's.</summary>
    public string? NetworkNamespace { get; init; }

    /// <summary>What the guest printed so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Adds modules of the kernel with what they need, loaded in this order before the script.</summary>
    public void AddModules(params string[] names)
    {
        foreach (var file in names.SelectMany(_kernel.Module).Where(file => _loaded.Add(file)))
        {
            var path = $"/modules/{Path.GetFileName(file)}";
            _files.AddFile(file, path);
            _modules.Append($"insmod {path}\n");
        }
    }

    /// <summary>Gives the guest a virtio network device on a tap, with checksum and segmentation offloads; it is eth0, eth1 and so on.</summary>
    public void AddTap(string device, string mac)
    {
        AddModules("virtio_pci", "virtio_net");
        _devices.AddRange(["-netdev", $"tap,id={device},ifname={device},script=no,downscript=no,vhost=off"]);
        _devices.AddRange(["-device", $"virtio-net-pci,netdev={device},mac={mac},romfile="]);
    }

    /// <summary>Starts the machine; the script is a busybox shell's.</summary>
    public void Start(string script)
    {
        _files.AddText(
            "/init",
            $"""
            #!/bin/busybox sh
            /bin/busybox --install -s /bin
            export PATH=/bin:/sbin:/usr/bin:/usr/sbin
            mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev; mount -t bpf bpf /sys/fs/bpf
            {_modules}
            {script}
            echo {End}
            poweroff -f

            """
        );
        _files.Finish();
        string[] command = NetworkNamespace is null
            ? ["qemu-system-x86_64"]
            : ["ip", "netns", "exec", NetworkNamespace, "qemu-system-x86_64"];
        _machine = Process.Start(
            new ProcessStartInfo(
                command[0],
                [
                    .. command[1..],
                    .. (string[])["-machine", "q35,accel=tcg", "-cpu", "max", "-display", "none", "-no-reboot"],
                    .. (string[])["-m", $"{MemoryMegabytes}", "-smp", $"{Processors}"],
                    .. (string[])["-serial", "stdio", "-monitor", "none", "-nic", "none"],
                    .. _devices,
                    .. (string[])["-kernel", _kernel.Image, "-initrd", _files.Path],
                    .. (string[])["-append", "console=ttyS0 quiet panic=-1"],
                ]
            )
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        _machine.OutputDataReceived += Keep;
        _machine.ErrorDataReceived += Keep;
        _machine.BeginOutputReadLine();
        _machine.BeginErrorReadLine();
    }

    /// <summary>Waits for the end of the script and returns what was printed.</summary>
    /// <exception cref="TimeoutException">It did not end in time; the message has what was printed.</exception>
    public string WaitForEnd(TimeSpan patience)
    {
        if (!_machine!.WaitForExit(patience))
        {
            throw new TimeoutException($"the guest did not end within {patience}:\n{Output}");
        }

        _machine.WaitForExit();
        return Output.Contains(End, StringComparison.Ordinal)
            ? Output
            : throw new InvalidOperationException($"the guest broke off:\n{Output}");
    }

    public void Dispose()
    {
        if (_machine is { HasExited: false })
        {
            _machine.Kill(entireProcessTree: true);
            _machine.WaitForExit();
        }

        _machine?.Dispose();
        _files.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is { } text)
        {
            lock (_output)
            {
                _output.Append(text.TrimEnd('\r')).Append('\n');
            }
        }
    }
}
