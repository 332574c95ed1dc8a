using System.Diagnostics;
using Insula.Linux.FileTrees;

namespace Insula.Linux.Tests.FileTrees;

public class TreeRemoverTests
{
    [Fact]
    public void Links_are_removed_and_not_followed()
    {
        var outside = Directory.CreateTempSubdirectory("insula-outside-").FullName;
        var tree = Directory.CreateTempSubdirectory("insula-tree-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(outside, "kept"), "x");
            Directory.CreateDirectory(Path.Combine(tree, "a/b"));
            File.CreateSymbolicLink(Path.Combine(tree, "a/b/link"), outside);
            File.CreateSymbolicLink(Path.Combine(tree, "dangling"), "/nonexistent");
            TreeRemover.Remove(tree);
            Assert.False(Directory.Exists(tree));
            Assert.True(File.Exists(Path.Combine(outside, "kept")));
        }
        finally
        {
            Directory.Delete(outside, recursive: true);
        }
    }

    [Fact]
    public void A_tree_deeper_than_a_path_may_be_long_is_removed()
    {
        var tree = Directory.CreateTempSubdirectory("insula-deep-").FullName;
        // 100 levels of 200 letters are far more than PATH_MAX; a shell goes down step by step.
        var script = "n=$(printf 'd%.0s' $(seq 200)); i=0; while [ $i -lt 300 ]; do mkdir $n && cd -P $n 2>/dev/null || cd $n; : > file; i=$((i+1)); done";
        using (var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script]) { WorkingDirectory = tree })!)
            shell.WaitForExit();
        TreeRemover.Remove(tree);
        Assert.False(Directory.Exists(tree));
    }

    [Fact]
    public void Nothing_there_is_nothing_to_do() => TreeRemover.Remove("/nonexistent/insula");
}
