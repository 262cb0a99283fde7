using System.Runtime.CompilerServices;

namespace Fabric.Datapath.Kernel.Tests.Kernel;

/// <summary>enum report_kind of bpf/report.h.</summary>
internal enum RunKind : uint
{
    None,
    Pass,
    Drop,
    Deliver,
    Tunnel,
    PuntRing,
    PuntDevice,
}

/// <summary>What a program did with a frame.</summary>
/// <param name="Kind">What it decided.</param>
/// <param name="Detail">Reason of a drop, interface, bytes of a tunnel's headers, or cause of a punt.</param>
/// <param name="Device">Interface index that it goes to.</param>
/// <param name="Neighbour">The next host of a tunnel.</param>
/// <param name="Result">What it told the kernel.</param>
/// <param name="Frame">The frame as it is now.</param>
internal sealed record RunReport(RunKind Kind, uint Detail, uint Device, uint Neighbour, int Result, byte[] Frame)
{
    private const int Room = 512;

    /// <summary>Runs a program so many times with one frame, which it is to leave as it is.</summary>
    public static unsafe void Repeat(int program, uint interfaceIndex, ReadOnlySpan<byte> frame, int times)
    {
        var context = new SystemCalls.SocketBuffer { InterfaceIndex = interfaceIndex };
        fixed (byte* input = frame)
        {
            var options = new SystemCalls.TestRunOptions
            {
                Size = (nuint)Unsafe.SizeOf<SystemCalls.TestRunOptions>(),
                Input = input,
                InputLength = (uint)frame.Length,
                ContextIn = &context,
                ContextInSize = (uint)sizeof(SystemCalls.SocketBuffer),
                Repeat = times,
            };
            var error = SystemCalls.TestRun(program, ref options);
            Assert.That(error, Is.Zero, $"{times} test runs");
        }
    }

    /// <summary>Runs a program with a frame of a device (BPF_PROG_TEST_RUN). Redirects are not executed.</summary>
    public static unsafe RunReport Of(int program, uint interfaceIndex, ReadOnlySpan<byte> frame, ushort segmentSize = 0)
    {
        var context = new SystemCalls.SocketBuffer
        {
            InterfaceIndex = interfaceIndex,
            Segments = segmentSize == 0 ? 0u : 2,
            SegmentSize = segmentSize,
        };
        var after = default(SystemCalls.SocketBuffer);
        var output = new byte[frame.Length + Room];
        fixed (
            byte* input = frame,
                outputBytes = output
        )
        {
            var options = new SystemCalls.TestRunOptions
            {
                Size = (nuint)Unsafe.SizeOf<SystemCalls.TestRunOptions>(),
                Input = input,
                InputLength = (uint)frame.Length,
                Output = outputBytes,
                OutputLength = (uint)output.Length,
                ContextIn = &context,
                ContextInSize = (uint)sizeof(SystemCalls.SocketBuffer),
                ContextOut = &after,
                ContextOutSize = (uint)sizeof(SystemCalls.SocketBuffer),
                Repeat = 1,
            };
            var error = SystemCalls.TestRun(program, ref options);
            Assert.That(error, Is.Zero, $"test run of {frame.Length} bytes");
            return new RunReport(
                (RunKind)after.ControlBlock[0],
                after.ControlBlock[1],
                after.ControlBlock[2],
                after.ControlBlock[3],
                (int)options.Result,
                output[..(int)options.OutputLength]
            );
        }
    }
}
