using System.Text;

namespace Relay.Hosting;

/// <summary>Asks for a password on the terminal, without showing it; twice, since nobody sees what was typed.</summary>
internal static class PasswordPrompt
{
    /// <summary>Null where the two differ.</summary>
    public static string? Ask(string prompt)
    {
        string first = Read(prompt);
        if (first.Length > 0 && Read("The same again: ") != first)
        {
            Console.Error.WriteLine("The two differ.");
            return null;
        }

        return first;
    }

    private static string Read(string prompt)
    {
        Console.Error.Write(prompt);
        var text = new StringBuilder();
        while (true)
        {
            var key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter)
            {
                Console.Error.WriteLine();
                return text.ToString();
            }

            if (key.Key == ConsoleKey.Backspace)
            {
                text.Length = Math.Max(0, text.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                text.Append(key.KeyChar);
            }
        }
    }
}
