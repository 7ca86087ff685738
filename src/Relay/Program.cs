using Relay.Hosting;

return await RelayCommandLine.RunAsync(args);
