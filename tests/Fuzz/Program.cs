using System.Globalization;
using Relay.Fuzz;

// dotnet run -c Release --project tests/Fuzz -- <target|all> <count> <seed> [folder for findings]
// dotnet run -c Release --project tests/Fuzz -- <target> <file of a finding>
if (args.Length == 2 && File.Exists(args[1]))
{
    Console.WriteLine(FuzzTargets.All().Single(target => target.Name == args[0]).Read(File.ReadAllBytes(args[1])));
    return 0;
}

if (args.Length is < 3 or > 4
    || !long.TryParse(args[1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
    || !int.TryParse(args[2], NumberStyles.None, CultureInfo.InvariantCulture, out var seed))
{
    Console.Error.WriteLine("Usage: fuzz <target> <count> <seed> [folder]; targets: all "
        + string.Join(' ', FuzzTargets.All().Select(target => target.Name)));
    return 2;
}

var chosen = FuzzTargets.All().Where(target => args[0] == "all" || args[0] == target.Name).ToList();
var failed = chosen.Count == 0;
foreach (var target in chosen)
{
    var report = FuzzRun.Run(target, count, seed);
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{report.Target}: {report.Count:N0} inputs, seed {seed}, {report.Findings.Count} findings, slowest {report.Slowest.TotalMilliseconds:F1} ms, most {report.Greediest / 1024.0 / 1024.0:F2} MB, {report.Elapsed.TotalSeconds:F0} s"));
    Console.WriteLine("  " + string.Join(", ", report.Outcomes.OrderByDescending(outcome => outcome.Value).Select(outcome =>
        string.Create(CultureInfo.InvariantCulture, $"{outcome.Key} {100.0 * outcome.Value / report.Count:F1} %"))));
    foreach (var finding in report.Findings)
    {
        failed = true;
        Console.WriteLine($"  input {finding.Number}: {finding.What}");
        if (args.Length == 4)
        {
            Directory.CreateDirectory(args[3]);
            File.WriteAllBytes(Path.Combine(args[3], $"{report.Target}-{seed}-{finding.Number}"), finding.Input);
        }
    }
}

return failed ? 1 : 0;
