using CsCheck;
using Insula.Engine.Containers;
using Insula.Engine.Host;
using Insula.Engine.Watching;
using Insula.Linux.Processes;

namespace Insula.Engine.Tests.Watching;

public sealed class EndRecordTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly EndRecords _records;

    public EndRecordTests() => _records = new EndRecords(HostLayout.Default with { RunDirectory = _directory.Path });

    public void Dispose() => _directory.Dispose();

    private static EndRecord Rebooted(DateTimeOffset? due)
        => new(ContainerEnd.Of(new ExitStatus(1)), DateTimeOffset.FromUnixTimeMilliseconds(1_764_306_258_123), 3, due);

    [Fact]
    public void A_record_is_read_as_it_was_written()
    {
        foreach (var due in new DateTimeOffset?[] { null, DateTimeOffset.FromUnixTimeMilliseconds(1_764_306_260_000) })
            Assert.Equal(Rebooted(due), EndRecord.Parse(Rebooted(due).ToLine()));
    }

    [Fact]
    public void No_text_is_misread_or_breaks_it()
        => Gen.String[Gen.Char["0123456789 -x\n"], 0, 60].Sample(text => EndRecord.Parse(text) is not { } record || EndRecord.Parse(record.ToLine()) == record);

    [Fact]
    public void A_start_ends_waiting_but_keeps_the_count()
    {
        var ctid = new Ctid(101);
        _records.Save(ctid, Rebooted(DateTimeOffset.FromUnixTimeMilliseconds(1_764_306_260_000)));
        _records.NoteStarted(ctid);
        Assert.Equal(Rebooted(null), _records.Find(ctid));
        Assert.Equal([(ctid, Rebooted(null))], _records.All());
        _records.Forget(ctid);
        Assert.Null(_records.Find(ctid));
    }

    [Fact]
    public void Without_the_directory_there_are_none()
    {
        _records.Forget(new Ctid(101));
        _records.NoteStarted(new Ctid(101));
        Assert.Empty(_records.All());
    }
}
