namespace RiscvXv6.Tests.Documents;

/// <summary>
/// The sessions in a page: code blocks marked <c>console</c>, in which lines after <c>host$</c> are typed into the host's shell, lines after <c>$</c> into the
/// guest's, and all others are what has to appear after that, in this order; <c>…</c> stands for anything.
/// </summary>
internal sealed record Walkthrough(string Heading, IReadOnlyList<WalkthroughStep> Steps)
{
    private const string HostPrompt = "host$ ", GuestPrompt = "$ ", Fence = "```";

    public static IReadOnlyList<Walkthrough> Read(string page)
    {
        var sessions = new List<Walkthrough>();
        string heading = "";
        List<WalkthroughStep>? steps = null;
        foreach (string line in page.Split('\n'))
        {
            if (line.StartsWith(Fence, StringComparison.Ordinal))
            {
                steps = steps is null && line == Fence + "console" ? [] : Finish(steps);
            }
            else if (steps is null)
            {
                heading = line.StartsWith("## ", StringComparison.Ordinal) ? line[3..] : heading;
            }
            else if (line.StartsWith(HostPrompt, StringComparison.Ordinal))
            {
                steps.Add(new WalkthroughStep(true, line[HostPrompt.Length..], []));
            }
            else if (line.StartsWith(GuestPrompt, StringComparison.Ordinal))
            {
                steps.Add(new WalkthroughStep(false, line[GuestPrompt.Length..], []));
            }
            else
            {
                steps[^1] = steps[^1] with { Expected = [.. steps[^1].Expected, line] };
            }
        }

        return sessions;

        List<WalkthroughStep>? Finish(List<WalkthroughStep>? done)
        {
            if (done is not null)
            {
                sessions.Add(new Walkthrough(heading, done));
            }

            return null;
        }
    }

    /// <summary>The first expected line that did not appear, or null.</summary>
    public static string? FirstMissing(string printed, IReadOnlyList<string> expected)
    {
        string[] lines = printed.Replace("\r", "", StringComparison.Ordinal).Split('\n');
        int at = 0;
        foreach (string wanted in expected)
        {
            while (at < lines.Length && !Matches(lines[at].TrimEnd(), wanted.TrimEnd()))
            {
                at++;
            }

            if (at++ >= lines.Length)
            {
                return wanted;
            }
        }

        return null;
    }

    public override string ToString() => $"{Heading}: {Steps[0].Command}";

    private static bool Matches(string line, string pattern)
    {
        string[] parts = pattern.Split('…');
        int at = 0;
        for (int index = 0; index < parts.Length; index++)
        {
            int found = index == 0
                ? (line.StartsWith(parts[0], StringComparison.Ordinal) ? 0 : -1)
                : index == parts.Length - 1 && line.EndsWith(parts[index], StringComparison.Ordinal) && line.Length - parts[index].Length >= at
                    ? line.Length - parts[index].Length
                    : line.IndexOf(parts[index], at, StringComparison.Ordinal);
            if (found < 0)
            {
                return false;
            }

            at = found + parts[index].Length;
        }

        return parts.Length > 1 || at == line.Length;
    }
}

/// <summary>A line that is typed, and what is to appear.</summary>
internal sealed record WalkthroughStep(bool IsHost, string Command, IReadOnlyList<string> Expected);
