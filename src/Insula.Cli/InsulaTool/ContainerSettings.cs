using Insula.Engine;
using Insula.Engine.Containers;

namespace Insula.Cli.InsulaTool;

/// <summary>Commands that change one container as <c>vzctl set --save</c> does.</summary>
internal static class ContainerSettings
{
    /// <summary>The configured container that an operand names.</summary>
    /// <exception cref="Engine.InsulaException">21: it names none. 14: it has no configuration.</exception>
    public static Ctid Require(InsulaCall call, string text)
    {
        var store = new ContainerStore(call.Global);
        return store.Load(store.Find(text)).Ctid;
    }

    /// <summary>Changes the container that the first operand names, at once and in its file.</summary>
    /// <param name="call">The call.</param>
    /// <param name="command">The command that has put the value together: its words are told of, not those of the option.</param>
    /// <param name="option">The option of vzctl set.</param>
    public static int Set(InsulaCall call, InsulaCommand command, OptionValue option)
    {
        var ctid = Require(call, call.Arguments.Operands[0]);
        try
        {
            call.Host.Engines.OpenEngine(call.Global, call.Reporter, new EngineOptions(SkipLock: false, call.Cancellation)).Set(ctid, new SetRequest { Options = [option], Save = true });
        }
        catch (InsulaException error) when (error.BadValue is { } bad && bad.Subject == $"--{option.Name}")
        {
            throw new InsulaException(error.Code, $"insula {command.Name}: {error.BadValue!.Reason}", $"See insula {command.Name} --help", error);
        }
        return 0;
    }

    /// <summary>What rules and forwards are asked of.</summary>
    public static Engine.Network.Firewall.FirewallCommands Firewall(InsulaCall call) => new(new EngineContext(call.Global, call.Reporter));

    /// <summary>The container that the operand names, if there is one.</summary>
    public static Ctid? Only(InsulaCall call) => call.Arguments.Operands.Count == 0 ? null : Require(call, call.Arguments.Operands[0]);
}
