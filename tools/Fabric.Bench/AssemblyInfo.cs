using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Fabric.Bench.Tests")]
