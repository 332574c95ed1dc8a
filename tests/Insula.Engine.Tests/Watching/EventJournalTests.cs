using Insula.Engine.Containers;
using Insula.Engine.Host;
using Insula.Engine.Watching;

namespace Insula.Engine.Tests.Watching;

public sealed class EventJournalTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly HostLayout _layout;
    private readonly EventJournal _journal;
    private readonly List<(long Sequence, ContainerEvent? Event)> _taken = [];

    public EventJournalTests()
    {
        _layout = HostLayout.Default with { RunDirectory = _directory.Path };
        _journal = new EventJournal(_layout);
    }

    public void Dispose() => _directory.Dispose();

    private JournalReader Open()
    {
        var reader = new JournalReader(_layout, (sequence, happened) => _taken.Add((sequence, happened)));
        reader.Open();
        return reader;
    }

    [Fact]
    public void Without_a_daemon_nothing_is_written()
    {
        _journal.Note(new Ctid(101), EventKind.Start);
        Assert.Empty(Directory.GetFileSystemEntries(_directory.Path));
    }

    [Fact]
    public void Events_come_in_order_with_numbers_from_1()
    {
        using var reader = Open();
        _journal.Note(new Ctid(101), EventKind.Mount);
        _journal.Note(new Ctid(101), EventKind.Start, "x");
        reader.ReadNew();
        Assert.Equal([1L, 2L], _taken.Select(taken => taken.Sequence));
        Assert.Equal(["mount", "start"], _taken.Select(taken => taken.Event!.KindName));
    }

    [Fact]
    public void The_next_daemon_takes_them_all_again_and_what_came_meanwhile()
    {
        using (var reader = Open())
        {
            _journal.Note(new Ctid(101), EventKind.Start);
            reader.ReadNew();
        }
        _journal.Note(new Ctid(101), EventKind.Stop);
        _taken.Clear();
        using (Open())
            Assert.Equal([(1L, "start"), (2L, "stop")], _taken.Select(taken => (taken.Sequence, taken.Event!.KindName)));
    }

    [Fact]
    public void A_line_that_is_none_has_a_number_all_the_same()
    {
        using var reader = Open();
        File.AppendAllText(EventJournal.FileOf(_layout), "{\"time\":\n" + new string('x', 20_000) + "\n");
        _journal.Note(new Ctid(101), EventKind.Start);
        reader.ReadNew();
        Assert.Equal([(1L, true), (2L, true), (3L, false)], _taken.Select(taken => (taken.Sequence, taken.Event is null)));
    }

    [Fact]
    public void Half_a_line_waits_for_its_other_half()
    {
        using var reader = Open();
        var line = System.Text.Encoding.UTF8.GetString(new ContainerEvent(DateTime.UnixEpoch, new Ctid(101), EventKind.Start, "").ToLine(null));
        File.AppendAllText(EventJournal.FileOf(_layout), line[..20]);
        reader.ReadNew();
        Assert.Empty(_taken);
        File.AppendAllText(EventJournal.FileOf(_layout), line[20..]);
        reader.ReadNew();
        Assert.Equal("start", Assert.Single(_taken).Event!.KindName);
    }

    [Fact]
    public void No_event_of_many_writers_is_lost_or_numbered_twice_while_files_are_exchanged()
    {
        const int writers = 4, each = 1500;
        using (var reader = Open())
        {
            var threads = Enumerable.Range(1, writers).Select(writer => new Thread(() =>
            {
                for (var i = 0; i < each; i++)
                    _journal.Note(new Ctid(writer), EventKind.Set, $"{i} {new string('.', 100)}");
            })).ToList();
            threads.ForEach(thread => thread.Start());
            while (threads.Any(thread => thread.IsAlive))
                reader.ReadNew();
            threads.ForEach(thread => thread.Join());
            reader.ReadNew();
        }
        Assert.Equal(Enumerable.Range(1, _taken.Count).Select(number => (long)number), _taken.Select(taken => taken.Sequence));
        Assert.True(File.Exists(EventJournal.FileOf(_layout) + ".1"), "no file was exchanged, so this shows nothing");
        foreach (var writer in Enumerable.Range(1, writers))
        {
            // One that finds the file locked several times gives its event up, but none comes twice or out of order.
            var own = _taken.Where(taken => taken.Event!.Ctid.Value == writer).Select(taken => int.Parse(taken.Event!.Detail.Split(' ')[0], null)).ToList();
            Assert.Equal(own.Order().Distinct(), own);
            Assert.InRange(own.Count, each * 9 / 10, each);
        }
    }

    [Fact]
    public void A_journal_that_no_daemon_reads_stops_growing()
    {
        Open().Dispose();
        using (var file = new FileStream(EventJournal.FileOf(_layout), FileMode.Append))
            file.Write(new byte[EventJournal.FullSize]);
        var size = new FileInfo(EventJournal.FileOf(_layout)).Length;
        _journal.Note(new Ctid(101), EventKind.Start);
        Assert.Equal(size, new FileInfo(EventJournal.FileOf(_layout)).Length);
    }

    [Fact]
    public void Nobody_is_led_astray_by_a_link_in_its_place()
    {
        File.WriteAllText(_directory["elsewhere"], "");
        File.CreateSymbolicLink(EventJournal.FileOf(_layout), _directory["elsewhere"]);
        _journal.Note(new Ctid(101), EventKind.Start);
        Assert.Equal("", File.ReadAllText(_directory["elsewhere"]));
    }
}
