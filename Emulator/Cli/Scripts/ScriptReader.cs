using System.Collections.Immutable;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Scripts;

namespace RiscvXv6.Emulator.Cli.Scripts;

/// <summary>Makes cases of a script: one for each combination of its variables' values, each checked as a whole.</summary>
internal sealed class ScriptReader
{
    private const int MostCases = 10_000;

    /// <summary>Of all cases together: they are read before the first is run.</summary>
    private const int MostSteps = 500_000;

    private static readonly ScriptPattern s_usualPrompt = ScriptPattern.Literal("$ ");

    private readonly string _file;
    private readonly YamlValue _root;
    private readonly ImmutableArray<ScriptChoice> _choices;

    private ScriptReader(string file, YamlValue root, ImmutableArray<ScriptChoice> choices)
    {
        _file = file;
        _root = root;
        _choices = choices;
    }

    /// <param name="file">As complaints name it; its folder is where its paths begin.</param>
    /// <param name="bytes">Of the file.</param>
    /// <param name="choices">Values from the command line, for variables that the script may have.</param>
    /// <returns>The cases, and the choices that were of use.</returns>
    /// <exception cref="ScriptException">The script can't be used.</exception>
    public static (ImmutableArray<GuestTest> Tests, ImmutableArray<string> Used) Read(
        string file, byte[] bytes, ImmutableArray<ScriptChoice> choices) =>
        new ScriptReader(file, YamlReader.Read(file, bytes), choices).Read();

    private (ImmutableArray<GuestTest> Tests, ImmutableArray<string> Used) Read()
    {
        var matrix = Matrix();
        long count = 1;
        foreach (var axis in matrix)
        {
            count *= axis.Values.Length;
            if (count > MostCases)
            {
                throw new ScriptException(axis.Place, $"the matrix has more than {MostCases} combinations; use fewer values");
            }
        }

        var tests = ImmutableArray.CreateBuilder<GuestTest>();
        int[] at = new int[matrix.Count];
        for (long index = 0; index < count; index++)
        {
            tests.Add(ReadCase([.. matrix.Select((axis, i) => new ScriptVariable(axis.Name, axis.Values[at[i]]))], matrix));
            if (count * tests[0].Case.Steps.Length > MostSteps)
            {
                throw new ScriptException(_root.Place, $"{count} combinations of its steps are too many; use fewer values, or repeat");
            }

            for (int i = matrix.Count - 1; i >= 0 && ++at[i] == matrix[i].Values.Length; i--)
            {
                at[i] = 0;
            }
        }

        return (tests.ToImmutable(), [.. matrix.Select(static axis => axis.Name)]);
    }

    /// <summary>The variables with their values: the script's, but for those that the command line chose.</summary>
    private List<Axis> Matrix()
    {
        var none = new ScriptVariables([]);
        var axes = new List<Axis>();
        if (_root is YamlValue.Mapping root && root.Entries.FirstOrDefault(static entry => entry.Key.Text == "matrix") is { } entry)
        {
            var mapping = entry.Value as YamlValue.Mapping
                ?? throw new ScriptException(entry.Value.Place, $"matrix: is {entry.Value.Kind}; write name: [values]");
            foreach (var (key, value) in mapping.Entries)
            {
                if (key.Text.Length == 0 || !key.Text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
                {
                    throw new ScriptException(
                        key.Place, $"matrix: {OptionValues.Quote(key.Text)} is no name; use letters, digits, - and _");
                }

                var values = ImmutableArray.CreateBuilder<string>();
                foreach (var (place, text) in ScriptFields.Texts(key.Text, value, none))
                {
                    values.AddRange(ScriptValues.Range(text, out string error));
                    if (error.Length > 0)
                    {
                        throw new ScriptException(place, $"matrix: {error}");
                    }
                }

                if (values.Count == 0)
                {
                    throw new ScriptException(value.Place, $"matrix: {key.Text} has no values; write some: [1, 3]");
                }

                axes.Add(new Axis(key.Text, values.ToImmutable(), key.Place));
            }
        }

        foreach (var choice in _choices)
        {
            int index = axes.FindIndex(axis => axis.Name == choice.Name);
            if (index >= 0)
            {
                axes[index] = axes[index] with { Values = choice.Values };
            }
            else if (MachineKey.Names.Contains(choice.Name))
            {
                axes.Add(new Axis(choice.Name, choice.Values, _root.Place));
            }
        }

        return axes;
    }

    private GuestTest ReadCase(ImmutableArray<ScriptVariable> values, List<Axis> matrix)
    {
        var variables = new ScriptVariables(values);
        var fields = new ScriptFields(_root, "the script", variables);
        string name = fields.Take("name") is { } title
            ? ScriptFields.Text("name", title.Value, new ScriptVariables([]))
            : Path.GetFileNameWithoutExtension(_file);
        if (name.Length > 100 || name.Any(char.IsControl))
        {
            throw new ScriptException(fields.Place, "name: is too long for one; write a line of up to 100 characters");
        }

        var machineEntry = fields.Take("machine");
        fields.Take("matrix");
        var limit = fields.Take("within") is { } within ? ScriptValues.Limit(within, variables, ScriptLimit.Usual) : ScriptLimit.Usual;
        var prompt = fields.Take("prompt") is { } entry ? ScriptValues.Pattern("prompt", entry.Value, variables) : s_usualPrompt;
        ImmutableArray<ScriptPattern> rejected =
            fields.Take("reject") is { } reject ? ScriptValues.Patterns("reject", reject.Value, variables) : [];
        var stepsEntry = fields.Take("steps");
        fields.RefuseOthers();
        var machine = machineEntry ?? throw new ScriptException(fields.Place, "the script has no machine; add machine: with kernel: FILE");
        var steps = stepsEntry ?? throw new ScriptException(fields.Place, "the script has no steps; add steps: and a list");

        string folder = Path.GetDirectoryName(_file) ?? "";
        var machineReader = new MachineReader(
            folder,
            variables,
            name => _choices.Any(choice => choice.Name == name));
        var options = machineReader.Read(machine.Value);
        var stepReader = new StepReader(variables, prompt, machineReader.Disks);
        var read = stepReader.Read(steps.Value, limit);
        if (matrix.Find(axis => !variables.IsUsed(axis.Name)) is { } unused)
        {
            throw new ScriptException(
                unused.Place,
                $"matrix: nothing uses {unused.Name}; write ${{{unused.Name}}} somewhere"
                + (MachineKey.Names.Contains(unused.Name) ? ", or leave it out of machine:" : ""));
        }

        return new GuestTest(
            new ScriptCase(name, fields.Place, values) { Steps = read, Rejected = rejected },
            options,
            [.. stepReader.Faults],
            machineReader.Kept,
            [.. values.Select(variable =>
                IsFile(variable.Name) ? variable with { Value = Path.Combine(folder, variable.Value) } : variable)]);

        bool IsFile(string name) =>
            !_choices.Any(choice => choice.Name == name)
            && (name == MachineKey.Disk || MachineKey.All.Any(key => key.Name == name && key.Kind == MachineKeyKind.Path));
    }

    /// <summary>A variable with all its values.</summary>
    private sealed record Axis(string Name, ImmutableArray<string> Values, ScriptPlace Place);
}

/// <summary>Values that the command line gives a variable.</summary>
internal sealed record ScriptChoice(string Name, ImmutableArray<string> Values);
