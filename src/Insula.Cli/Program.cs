using Insula.Cli;

using var host = CliHost.OfThisProcess();
return MultiCall.Run(Environment.GetCommandLineArgs()[0], args, host);
