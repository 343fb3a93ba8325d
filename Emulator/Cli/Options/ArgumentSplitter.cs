using System.Text;

namespace RiscvXv6.Emulator.Cli.Options;

/// <summary>Splits a line into arguments as a shell does: blanks separate, quotes and backslashes protect.</summary>
internal static class ArgumentSplitter
{
    /// <param name="source">What messages call the text.</param>
    /// <param name="text">The line.</param>
    /// <exception cref="UsageException">A quote is not closed, or a backslash ends the text.</exception>
    public static List<string> Split(string source, string text)
    {
        List<string> arguments = [];
        var current = new StringBuilder();
        bool started = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (char.IsWhiteSpace(c))
            {
                Finish();
                continue;
            }

            started = true;
            switch (c)
            {
                case '\'':
                    int end = text.IndexOf('\'', i + 1);
                    if (end < 0)
                    {
                        throw new UsageException($"{source}: a ' is not closed; add one");
                    }

                    current.Append(text, i + 1, end - i - 1);
                    i = end;
                    break;
                case '"':
                    i = DoubleQuoted(i + 1);
                    break;
                case '\\' when i + 1 == text.Length:
                    throw new UsageException($"{source}: nothing follows the last \\; remove it or double it");
                case '\\':
                    current.Append(text[++i]);
                    break;
                default:
                    current.Append(c);
                    break;
            }
        }

        Finish();
        return arguments;

        int DoubleQuoted(int i)
        {
            for (; i < text.Length && text[i] != '"'; i++)
            {
                if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] is '"' or '\\' or '$' or '`')
                {
                    i++;
                }

                current.Append(text[i]);
            }

            return i < text.Length ? i : throw new UsageException($"{source}: a \" is not closed; add one");
        }

        void Finish()
        {
            if (started)
            {
                arguments.Add(current.ToString());
                current.Clear();
                started = false;
            }
        }
    }
}
