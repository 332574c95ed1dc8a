using Insula.Cli;

var host = CliHost.OfThisProcess();
return host.Finish(MultiCall.Run(Environment.GetCommandLineArgs()[0], args, host));
