using System.Globalization;
using Fabric.Model.Config;
using Fabric.Primitives;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Fabric.Config.Stores;

/// <summary>
/// Configuration in one SQLite file that an operator can open with sqlite3. Every commit is on the disk before it is answered (WAL,
/// synchronous=FULL). The tables: objects (what stands), revisions (what each transaction changed), allocations (sequences). Its files are the
/// owner's alone (0600), since passwords of neighbours are in them.
/// </summary>
public sealed class SqliteConfigStore : IConfigStore, IDisposable
{
    private const int SchemaVersion = 1;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Octets of the transactions that are kept for watchers, if nothing else is said.</summary>
    public const long DefaultHistory = 256L << 20;

    // A text's length is one of characters, a blob's one of octets.
    private const string Octets =
        "coalesce(sum(length(kind) + length(project) + length(name) + coalesce(length(CAST(json AS BLOB)), 0)), 0)";

    private const string Schema = """
        CREATE TABLE objects (
            kind TEXT NOT NULL, project TEXT NOT NULL, name TEXT NOT NULL, revision INTEGER NOT NULL, json TEXT NOT NULL,
            PRIMARY KEY (kind, project, name)) WITHOUT ROWID;
        CREATE TABLE revisions (
            revision INTEGER NOT NULL, ordinal INTEGER NOT NULL, kind TEXT NOT NULL, project TEXT NOT NULL, name TEXT NOT NULL, json TEXT,
            PRIMARY KEY (revision, ordinal)) WITHOUT ROWID;
        CREATE TABLE allocations (sequence TEXT PRIMARY KEY, next INTEGER NOT NULL) WITHOUT ROWID;
        """;

    private readonly SqliteConnection _connection;
    private readonly string _path;
    private readonly long _mostHistory;
    private KeptRevisions _kept;
    private bool _isUsed;

    /// <param name="history">So many octets of transactions are kept for watchers at most; the last one is, whatever its size.</param>
    /// <exception cref="ConfigStoreException">The file is damaged, of a newer version, or can't be opened.</exception>
    public SqliteConfigStore(string path, long history = DefaultHistory)
    {
        SystemSqlite.Initialize();
        _path = path;
        _mostHistory = history;
        _kept = new KeptRevisions(history);
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        try
        {
            MakePrivate(path);
            Open();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _connection.Dispose();
            throw new ConfigStoreException($"The configuration store {path} can't be opened: {failure.Message}", failure);
        }
        catch (SqliteException failure)
        {
            _connection.Dispose();
            throw Failed(failure);
        }
        catch (ConfigStoreException)
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <exception cref="ConfigStoreException">The file can't be read.</exception>
    public StoredConfig Load() =>
        InTransaction(
            "BEGIN",
            () =>
            {
                // Another writer may have been here.
                _kept = ReadKept();
                return new StoredConfig(CurrentRevision(), [.. ReadObjects()], [.. ReadAllocations()]) { IsUsed = _isUsed };
            }
        );

    /// <exception cref="ConfigStoreException">The disk does not take it; nothing of it is kept. It may take a later one.</exception>
    public bool TryCommit(ConfigCommit commit)
    {
        ArgumentNullException.ThrowIfNull(commit);
        var revision = commit.Delta.Revision;
        var octets = InTransaction("BEGIN IMMEDIATE", () => CurrentRevision() + 1 == revision ? Write(commit) : (long?)null);
        if (octets is { } written)
        {
            _kept.Add(revision, written);
        }

        return octets is not null;
    }

    /// <exception cref="ConfigStoreException">The file can't be read.</exception>
    public IReadOnlyList<ConfigDelta>? ReadChanges(long afterRevision, int enough) =>
        InTransaction(
            "BEGIN",
            () =>
            {
                var oldest = Scalar("SELECT coalesce(min(revision), 1) FROM revisions");
                return afterRevision < oldest - 1 || afterRevision > CurrentRevision() ? null : ReadDeltas(afterRevision, enough);
            }
        );

    public void Dispose() => _connection.Dispose();

    // SQLite gives the files beside it the mode of this one; those of a crash may be there already.
    private static void MakePrivate(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite,
            UnixCreateMode = OwnerOnly,
        };
        new FileStream(path, options).Dispose();
        string[] files = [path, path + "-wal", path + "-shm"];
        foreach (var file in files.Where(file => File.Exists(file) && File.GetUnixFileMode(file) != OwnerOnly))
        {
            File.SetUnixFileMode(file, OwnerOnly);
        }
    }

    private void Open()
    {
        _connection.Open();
        Execute("PRAGMA journal_mode=WAL");
        Execute("PRAGMA synchronous=FULL");
        if (Text("PRAGMA quick_check(1)") is var verdict && verdict != "ok")
        {
            throw new ConfigStoreException(
                $"The configuration store {_path} is damaged: {verdict}. Put a copy of it back, then start again."
            );
        }

        _isUsed = InTransaction("BEGIN IMMEDIATE", TakeUp);
    }

    /// <returns>Whether the file had its tables already.</returns>
    private bool TakeUp()
    {
        var version = Scalar("PRAGMA user_version");
        if (version > SchemaVersion)
        {
            throw new ConfigStoreException(
                $"The configuration store {_path} was written by a newer Fabric (version {version}); use that one."
            );
        }

        if (version == 0)
        {
            Execute(Schema);
            Execute($"PRAGMA user_version={SchemaVersion}");
        }

        return version > 0;
    }

    // By its statements, and not by the library's object: that one does not get over an error by which SQLite has rolled back itself, such as a full disk,
    // and is in the way of all transactions after it.
    private T InTransaction<T>(string begin, Func<T> work)
    {
        try
        {
            Execute(begin);
            var result = work();
            Execute("COMMIT");
            return result;
        }
        catch (SqliteException failure)
        {
            throw Failed(failure);
        }
        finally
        {
            if (raw.sqlite3_get_autocommit(_connection.Handle) == 0)
            {
                raw.sqlite3_exec(_connection.Handle, "ROLLBACK");
            }
        }
    }

    /// <returns>The octets that it takes in the history.</returns>
    private long Write(ConfigCommit commit)
    {
        var revision = commit.Delta.Revision;
        for (var i = 0; i < commit.Delta.Changes.Count; i++)
        {
            var change = commit.Delta.Changes[i];
            var key = change.Key;
            object json = change.Value is null ? DBNull.Value : ConfigJson.Format(change.Value);
            Execute("INSERT INTO revisions VALUES ($1, $2, $3, $4, $5, $6)", revision, i, key.Kind.Word(), key.Project, key.Name, json);
            if (change.Value is null)
            {
                Execute("DELETE FROM objects WHERE kind = $1 AND project = $2 AND name = $3", key.Kind.Word(), key.Project, key.Name);
            }
            else
            {
                Execute(
                    "INSERT OR REPLACE INTO objects VALUES ($1, $2, $3, $4, $5)",
                    key.Kind.Word(),
                    key.Project,
                    key.Name,
                    revision,
                    json
                );
            }
        }

        foreach (var allocation in commit.Allocations)
        {
            Execute("INSERT OR REPLACE INTO allocations VALUES ($1, $2)", allocation.Sequence, (long)allocation.Next);
        }

        var octets = Scalar($"SELECT {Octets} FROM revisions WHERE revision = $1", revision);
        Execute("DELETE FROM revisions WHERE revision < $1", _kept.OldestWith(revision, octets));
        return octets;
    }

    private KeptRevisions ReadKept()
    {
        using var command = Command($"SELECT revision, {Octets} FROM revisions GROUP BY revision ORDER BY revision");
        using var reader = command.ExecuteReader();
        var kept = new KeptRevisions(_mostHistory);
        while (reader.Read())
        {
            kept.Add(reader.GetInt64(0), reader.GetInt64(1));
        }

        return kept;
    }

    private long CurrentRevision() => Scalar("SELECT coalesce(max(revision), 0) FROM revisions");

    private IEnumerable<StoredObject> ReadObjects()
    {
        using var command = Command("SELECT json, revision FROM objects");
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return new StoredObject(Parse(reader.GetString(0)), reader.GetInt64(1));
        }
    }

    private IEnumerable<SequencePosition> ReadAllocations()
    {
        using var command = Command("SELECT sequence, next FROM allocations");
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return new SequencePosition(reader.GetString(0), (uint)reader.GetInt64(1));
        }
    }

    private List<ConfigDelta> ReadDeltas(long afterRevision, int enough)
    {
        using var command = Command(
            "SELECT revision, kind, project, name, json FROM revisions WHERE revision > $1 ORDER BY revision, ordinal",
            afterRevision
        );
        using var reader = command.ExecuteReader();
        var changes = new List<(long Revision, ConfigChange Change)>();
        while (reader.Read() && (changes.Count < enough || reader.GetInt64(0) == changes[^1].Revision))
        {
            var kind = ConfigKinds.Find(reader.GetString(1)) ?? throw Unreadable(reader.GetString(1));
            var key = new ConfigKey(kind, reader.GetString(2), reader.GetString(3));
            changes.Add((reader.GetInt64(0), new ConfigChange(key, reader.IsDBNull(4) ? null : Parse(reader.GetString(4)))));
        }

        return
        [
            .. changes.GroupBy(
                item => item.Revision,
                item => item.Change,
                (revision, items) => new ConfigDelta(revision, items.ToEquatableArray())
            ),
        ];
    }

    private ConfigObject Parse(string json) => ConfigJson.TryParse(json, out var value) ? value : throw Unreadable(json);

    private ConfigStoreException Unreadable(string text) =>
        new(
            $"The configuration store {_path} holds what this version can't read: {text}. Correct the row with sqlite3, or put a copy of the file back."
        );

    private ConfigStoreException Failed(SqliteException failure) =>
        new(
            $"The configuration store {_path} failed: {failure.Message} Check the disk and the file; put a copy of it back if it is damaged.",
            failure
        );

    private void Execute(string sql, params ReadOnlySpan<object> values)
    {
        using var command = Command(sql, values);
        command.ExecuteNonQuery();
    }

    private long Scalar(string sql, params ReadOnlySpan<object> values) => Convert.ToInt64(Read(sql, values), CultureInfo.InvariantCulture);

    private string? Text(string sql) => Read(sql)?.ToString();

    private object? Read(string sql, params ReadOnlySpan<object> values)
    {
        using var command = Command(sql, values);
        return command.ExecuteScalar();
    }

    private SqliteCommand Command(string sql, params ReadOnlySpan<object> values)
    {
        var command = _connection.CreateCommand();
#pragma warning disable CA2100 // Every text is a constant of this file; values are parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue($"${i + 1}", values[i]);
        }

        return command;
    }
}
