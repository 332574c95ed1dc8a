namespace Insula.Engine.Tests;

/// <summary>Assertions about errors that users see.</summary>
public static class Expect
{
    /// <summary>The action must fail with this exit code; gives the error back.</summary>
    public static InsulaException Error(ExitCode code, Action action)
    {
        var error = Assert.Throws<InsulaException>(action);
        Assert.Equal(code, error.Code);
        Assert.DoesNotContain('\n', error.Message);
        return error;
    }
}
