namespace RiscvXv6.Emulator.Text;

/// <summary>Finds what a misspelt name was probably meant to be.</summary>
internal static class NearestName
{
    /// <summary>Longer input is no misspelling of any name we have, and would only cost time.</summary>
    private const int LongestConsidered = 64;

    /// <summary>A phrase to append to a message: <c>; did you mean -kernel?</c>, or nothing if no name is near.</summary>
    public static string Suggest(string given, IEnumerable<string> candidates, string prefix = "")
    {
        return Find(given, candidates) is { } name ? $"; did you mean {prefix}{name}?" : "";
    }

    /// <summary>The nearest candidate, if it differs in no more than about a third of its letters.</summary>
    public static string? Find(string given, IEnumerable<string> candidates)
    {
        if (given.Length is 0 or > LongestConsidered)
        {
            return null;
        }

        string? best = null;
        int bestDistance = int.MaxValue;
        foreach (string candidate in candidates)
        {
            int distance = Distance(given.ToLowerInvariant(), candidate.ToLowerInvariant());
            int allowed = Math.Max(1, Math.Max(given.Length, candidate.Length) / 3);
            if (distance <= allowed && distance < bestDistance)
            {
                best = candidate;
                bestDistance = distance;
            }
        }

        return best;
    }

    /// <summary>Damerau-Levenshtein distance with adjacent transpositions: typing errors, counted.</summary>
    internal static int Distance(string a, string b)
    {
        int[,] cost = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    cost[i, j] = i + j;
                    continue;
                }

                int replace = cost[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                int best = Math.Min(replace, 1 + Math.Min(cost[i - 1, j], cost[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    best = Math.Min(best, cost[i - 2, j - 2] + 1);
                }

                cost[i, j] = best;
            }
        }

        return cost[a.Length, b.Length];
    }
}
