using System.Runtime.CompilerServices;
using System.Runtime.Versioning;

// Network namespaces, veth pairs and file modes: Linux and nothing else.
[assembly: SupportedOSPlatform("linux")]
[assembly: InternalsVisibleTo("Fabric.Lab.Tests")]
[assembly: InternalsVisibleTo("Fabric.Interop")]
