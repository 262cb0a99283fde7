using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

// In this process: what the solution's build made is what is measured, and no second build is needed. Bounded, so that a busy machine
// makes a figure's error larger and not the run endless.
var job = Job
    .Default.WithToolchain(InProcessEmitToolchain.Instance)
    .WithIterationTime(TimeInterval.FromMilliseconds(250))
    .WithMinIterationCount(10)
    .WithMaxIterationCount(20)
    .WithMaxWarmupCount(12);
IConfig config = DefaultConfig.Instance.AddDiagnoser(MemoryDiagnoser.Default).WithArtifactsPath("artifacts/benchmarks");
if (!args.Contains("--job"))
{
    // One named on the command line comes instead, not besides.
    config = config.AddJob(job);
}

// Without a filter it would ask on the terminal.
string[] all = ["--filter", "*"];
var summaries = BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args.Length == 0 ? all : args, config).ToList();
return summaries.Exists(summary => summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success)) ? 1 : 0;
