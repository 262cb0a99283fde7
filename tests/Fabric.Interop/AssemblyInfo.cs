// Daemons in namespaces share two or more processors; one fixture after the other keeps their deadlines meaningful.
[assembly: NonParallelizable]
[assembly: Category("Interop")]
