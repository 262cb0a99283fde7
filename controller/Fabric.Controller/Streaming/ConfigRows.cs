using System.Buffers;
using System.Text;
using System.Text.Json;
using Fabric.Analytics;
using Fabric.Config;
using Fabric.Controller.Configuration;
using Fabric.Model.Config;
using Google.Protobuf.WellKnownTypes;

namespace Fabric.Controller.Streaming;

/// <summary>Rows of fabric.objects and fabric.audit; none has a secret. Called on the config loop.</summary>
internal sealed class ConfigRows(Func<IStreamEvent, bool> publish)
{
    /// <summary>All that is there at the start: what changed while nobody wrote rows is in them.</summary>
    public void Began(IEnumerable<StoredObject> objects)
    {
        foreach (var item in objects)
        {
            PublishState(item.Value.Key, item.Value, item.Revision);
        }
    }

    public void Requested(ApiRequest request)
    {
        var id = Guid.CreateVersion7().ToString();
        if (request.Result.Outcome == ApplyOutcome.Applied)
        {
            foreach (var diff in request.Result.Diff)
            {
                Audit(request, id, diff, refusal: null);
            }

            foreach (var change in request.Result.Delta.Changes)
            {
                PublishState(change.Key, change.Value, request.Result.Delta.Revision);
            }
        }
        else
        {
            var refusals = new AuditRefusals(request.Result);
            foreach (var edit in request.Edits.Take(AuditRefusals.MaxEdits))
            {
                Audit(request, id, new ConfigDiff(edit.Key, Before: null, edit.Value), refusals.Of(edit));
            }
        }
    }

    private static Struct? Document(ConfigObject? value)
    {
        if (value is null)
        {
            return null;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            ConfigJson.Write(writer, value);
        }

        return Struct.Parser.ParseJson(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private void Audit(ApiRequest request, string id, ConfigDiff diff, string? refusal) =>
        publish(
            new ApiChange
            {
                Who = request.Caller,
                Interface = "native",
                Request = id,
                Operation =
                    diff.After is null ? ApiOperation.Delete
                    : diff.Before is null && refusal is null ? ApiOperation.Create
                    : ApiOperation.Replace,
                Kind = diff.Key.Kind.Word(),
                Project = diff.Key.Project ?? "",
                Name = diff.Key.Name,
                Revision = refusal is null ? (ulong)request.Result.Delta.Revision : 0,
                Refusal = refusal ?? "",
                Before = Document(diff.Before),
                After = Document(diff.After),
            }
        );

    private void PublishState(ConfigKey key, ConfigObject? value, long revision) =>
        publish(
            new ObjectState
            {
                Kind = key.Kind.Word(),
                Project = key.Project ?? "",
                Name = key.Name,
                Revision = (ulong)revision,
                Deleted = value is null,
                State = Document(value),
            }
        );
}
