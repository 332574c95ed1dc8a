using Insula.Engine.Boot;
using Insula.Engine.Containers;

namespace Insula.Engine.Tests.Boot;

public sealed class RebootMarksTests : IDisposable
{
    private static readonly Ctid Ct = new(101);

    private readonly TestHost _host = new();

    private RebootMarks Marks => new(_host.Store.Layout);

    private string MarkFile => _host["vzreboot/101"];

    [Fact]
    public void What_has_started_since_the_boot_did_not_run_before_it()
    {
        Assert.False(Marks.RanBeforeBoot(Ct));
        Marks.NoteRunning(Ct);
        Assert.False(Marks.RanBeforeBoot(Ct));
    }

    [Fact]
    public void What_ran_when_the_power_went_away_ran_before()
    {
        Marks.NoteRunning(Ct);
        File.WriteAllText(MarkFile, "00000000-1111-2222-3333-444444444444\n");
        Assert.True(Marks.RanBeforeBoot(Ct));
    }

    [Fact]
    public void What_somebody_has_stopped_did_not_run_but_what_the_shutdown_stopped_did()
    {
        Marks.NoteRunning(Ct);
        Marks.NoteStopped(Ct);
        Assert.False(File.Exists(MarkFile));
        Marks.KeepForBoot(Ct);
        Marks.NoteStopped(Ct);
        Assert.True(Marks.RanBeforeBoot(Ct));
        Marks.NoteRunning(Ct);
        Assert.False(Marks.RanBeforeBoot(Ct));
        Marks.Forget(Ct);
        Assert.False(File.Exists(MarkFile));
    }

    [Fact]
    public void A_host_without_marks_needs_no_directory_for_them()
    {
        Marks.NoteStopped(Ct);
        Marks.Forget(Ct);
        Assert.False(Directory.Exists(_host["vzreboot"]));
    }

    public void Dispose() => _host.Dispose();
}
