using System.Runtime.InteropServices;
using SQLitePCL;

namespace Fabric.Config.Stores;

/// <summary>Uses the system's libsqlite3, which the distribution patches, rather than a copy inside a package.</summary>
internal static class SystemSqlite
{
    private const string SystemLibrary = "libsqlite3.so.0";

    private static readonly Lazy<bool> Initialized = new(Load);

    public static void Initialize() => _ = Initialized.Value;

    private static bool Load()
    {
        NativeLibrary.SetDllImportResolver(
            typeof(SQLite3Provider_e_sqlite3).Assembly,
            static (name, assembly, path) => name == "e_sqlite3" ? NativeLibrary.Load(SystemLibrary, assembly, path) : IntPtr.Zero
        );
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        return true;
    }
}
