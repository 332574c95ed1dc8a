using Insula.Engine.Beancounters;

namespace Insula.Engine.Tests.Beancounters;

public sealed class KeptPeaksTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void The_largest_figure_survives_from_one_reader_to_the_next()
    {
        KeptPeaks.Reset(_directory["peaks"]);
        Assert.Equal(5, Raise(BeancounterResources.OpenFiles, 5));
        Assert.Equal(9, Raise(BeancounterResources.OpenFiles, 9));
        Assert.Equal(9, Raise(BeancounterResources.OpenFiles, 3));
        Assert.Equal(1, Raise(BeancounterResources.FileLocks, 1));
        Assert.Equal(9, Raise(BeancounterResources.OpenFiles, 0));
    }

    [Fact]
    public void A_start_resets_them()
    {
        KeptPeaks.Reset(_directory["peaks"]);
        Raise(BeancounterResources.OpenFiles, 9);
        KeptPeaks.Reset(_directory["peaks"]);
        Assert.Equal(2, Raise(BeancounterResources.OpenFiles, 2));
    }

    [Fact]
    public void Nothing_is_made_for_a_container_that_has_gone()
    {
        Assert.Equal(5, Raise(BeancounterResources.OpenFiles, 5));
        Assert.False(File.Exists(_directory["peaks"]));
    }

    [Fact]
    public void A_spoilt_file_is_no_obstacle()
    {
        File.WriteAllText(_directory["peaks"], "numfile\nnumfile x\n\nnumfile 7\n");
        Assert.Equal(7, Raise(BeancounterResources.OpenFiles, 3));
    }

    private long Raise(BeancounterResource resource, long held)
    {
        var peaks = new KeptPeaks(_directory["peaks"]);
        var peak = peaks.Raise(resource, held);
        peaks.Save();
        return peak;
    }
}
