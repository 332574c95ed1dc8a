namespace Insula.System.Tests.Commands;

/// <summary>
/// One installation for all tests of a class that counts by programs in the kernel. A container of its own keeps them loaded, as on a host that is in
/// use: loading them takes most of the time of a start.
/// </summary>
public sealed class CountingHost : IDisposable
{
    private int _holder;

    // Made when the first test asks, for a test that cannot run here says so itself.
    public CommandHost Host
    {
        get
        {
            if (field is null)
            {
                field = CommandHost.WithPrograms();
                _holder = field.Container(started: true);
            }
            return field;
        }

        private set;
    }

    /// <summary>Removes the containers of a test.</summary>
    public void Clear() => Host.RemoveContainers(except: _holder);

    public void Dispose() => Host.Dispose();
}
