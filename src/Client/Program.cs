using System.Security.Cryptography;
using Relay.Client.Commands;

var environment = new ClientEnvironment(Console.In, Console.Out, Console.Error, !Console.IsOutputRedirected, TimeProvider.System,
    () => RandomNumberGenerator.GetHexString(32, lowercase: true));
return await ClientCommandLine.RunAsync(args, environment, CancellationToken.None);
