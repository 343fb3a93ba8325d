namespace RiscvXv6.Emulator.Monitor;

/// <summary>What was typed after a command's name.</summary>
internal sealed class MonitorArguments
{
    /// <param name="text">Everything after the name.</param>
    public MonitorArguments(string text)
    {
        Text = text.Trim();
        Words = Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>As typed, without blanks at its ends.</summary>
    public string Text { get; }

    /// <summary>The text at its blanks.</summary>
    public IReadOnlyList<string> Words { get; }

    public int Count => Words.Count;

    /// <summary>A word, or an empty one where there is none.</summary>
    public string this[int index] => index < Words.Count ? Words[index] : "";

    /// <summary>True if one of the words is this one: <c>-a</c>.</summary>
    public bool Has(string word) => Words.Contains(word);

    /// <summary>A word that is a number, decimal or with 0x.</summary>
    public bool TryNumber(int index, out ulong value) => MonitorNumber.TryParse(this[index], out value);
}
