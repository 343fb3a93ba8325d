using System.Collections.Immutable;
using RiscvXv6.Emulator.Scripts;

namespace RiscvXv6.Emulator.Cli.Scripts;

/// <summary>A value in a YAML file, with its place.</summary>
internal abstract record YamlValue(ScriptPlace Place)
{
    /// <summary>What a complaint calls it.</summary>
    public abstract string Kind { get; }

    /// <summary>A text, a number, nothing: all are text until somebody knows better.</summary>
    /// <param name="IsQuoted">In quotation marks, or a block: empty means empty then, and not nothing.</param>
    public sealed record Scalar(ScriptPlace Place, string Text, bool IsQuoted) : YamlValue(Place)
    {
        public override string Kind => IsNothing ? "nothing" : "a text";

        public bool IsNothing => !IsQuoted && Text is "" or "~" or "null";
    }

    public sealed record Sequence(ScriptPlace Place, ImmutableArray<YamlValue> Items) : YamlValue(Place)
    {
        public override string Kind => "a list";
    }

    /// <summary>Each key is there once.</summary>
    public sealed record Mapping(ScriptPlace Place, ImmutableArray<YamlEntry> Entries) : YamlValue(Place)
    {
        public override string Kind => "a mapping";
    }
}

/// <summary>A key and its value.</summary>
internal sealed record YamlEntry(YamlValue.Scalar Key, YamlValue Value);
