using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Fabric.Datapath.Host.Tests")]
[assembly: InternalsVisibleTo("Fabric.Fuzz")]
