using System.Collections.Immutable;
using RiscvXv6.Devices.Net.Middleware;
using RiscvXv6.Emulator.Cli.Network;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Cli.Qemu;
using RiscvXv6.Emulator.Scripts;
using RiscvXv6.Emulator.Text;

namespace RiscvXv6.Emulator.Cli.Scripts;

/// <summary>Reads steps: mappings whose first key says what is done, by <see cref="Rows"/>.</summary>
/// <param name="variables">For all values.</param>
/// <param name="prompt">What the guest prints when it waits for a command.</param>
/// <param name="disks">How many disks the machine has.</param>
internal sealed class StepReader(ScriptVariables variables, ScriptPattern prompt, int disks)
{
    private const int MostSteps = 1000, MostTurns = 10_000, MostWrites = 10_000_000;

    private readonly List<FaultOptions> _faults = [];
    private int _count;

    /// <summary>A kind of step.</summary>
    /// <param name="Name">The key.</param>
    /// <param name="Meaning">For the page of the format.</param>
    /// <param name="Read">Makes the step of its value and other keys.</param>
    public sealed record Row(string Name, string Meaning, Func<StepReader, StepFields, ScriptStep> Read);

    /// <summary>What a row reads.</summary>
    /// <param name="Value">Of the first key.</param>
    public sealed record StepFields(string Name, YamlValue Value, ScriptFields Fields, ScriptPlace Place, ScriptLimit Limit)
    {
        public ScriptVariables Variables => Fields.Variables;

        public string Text() => ScriptFields.Text(Name, Value, Variables);

        public string Title(string rest) => ScriptText.Show($"{Name} {rest}");
    }

    public static readonly ImmutableArray<Row> Rows =
    [
        new("wait for", "lets the guest run until it has printed this, behind what was waited for before", static (_, step) =>
        {
            var pattern = ScriptValues.Pattern(step.Name, step.Value, step.Variables);
            return new ScriptStep.WaitFor(step.Place, step.Title($"{pattern}"), step.Limit, pattern);
        }),
        new("wait", "lets the guest run for a time of its clock", static (_, step) =>
        {
            string text = step.Text();
            ulong nanoseconds = ScriptValues.Nanoseconds(step.Name, step.Value.Place, text);
            return new ScriptStep.Wait(step.Place, step.Title(text), step.Limit, nanoseconds);
        }),
        new("run", "waits for the prompt, types this line, waits for the next prompt; `expect` and `reject` look at what is between",
            static (reader, step) => reader.ReadRun(step)),
        new("send", "types this and Enter", static (_, step) =>
        {
            string text = step.Text();
            return new ScriptStep.Send(
                step.Place, step.Title($"'{text}'"), step.Limit, ScriptValues.Bytes(text.EndsWith('\n') ? text : text + "\n"));
        }),
        new("send raw", "types just this: `\"\\x03\"` is Ctrl-C", static (_, step) =>
        {
            string text = step.Text();
            return new ScriptStep.Send(step.Place, step.Title($"'{ScriptText.Show(text)}'"), step.Limit, ScriptValues.Bytes(text));
        }),
        new("expect", "the output of the last command has this, all of these", static (_, step) =>
        {
            var patterns = ScriptValues.Patterns(step.Name, step.Value, step.Variables);
            return new ScriptStep.Expect(step.Place, step.Title(string.Join(", ", patterns)), step.Limit, patterns);
        }),
        new("reject", "from now on the test fails as soon as this is printed, one of these", static (_, step) =>
        {
            var patterns = ScriptValues.Patterns(step.Name, step.Value, step.Variables);
            return new ScriptStep.Reject(step.Place, step.Title(string.Join(", ", patterns)), step.Limit, patterns);
        }),
        new("power cut at write", "the power fails when the disks have been written so often since this step began; `torn: yes` adds half a write",
            static (_, step) =>
            {
                int write = ScriptFields.Whole(step.Name, step.Value, step.Variables, 1, MostWrites);
                bool isTorn = step.Fields.TakeText("torn") is { } torn && Flag("torn", torn.Place, torn.Text);
                return new ScriptStep.PowerCut(
                    step.Place, step.Title($"{write}{(isTorn ? ", torn" : "")}"), step.Limit, write, isTorn, null, null);
            }),
        new("power cut at time", "the power fails so long after this step began", static (_, step) =>
        {
            string text = step.Text();
            ulong nanoseconds = ScriptValues.Nanoseconds(step.Name, step.Value.Place, text);
            return new ScriptStep.PowerCut(step.Place, step.Title(text), step.Limit, null, false, nanoseconds, null);
        }),
        new("power cut at output", "the power fails as soon as this is printed", static (_, step) =>
        {
            var pattern = ScriptValues.Pattern(step.Name, step.Value, step.Variables);
            return new ScriptStep.PowerCut(step.Place, step.Title($"{pattern}"), step.Limit, null, false, null, pattern);
        }),
        new("boot", "switches the machine on again, with its disks as they are", static (_, step) =>
            step.Value is YamlValue.Scalar { IsNothing: true }
                ? new ScriptStep.Boot(step.Place, "boot", step.Limit)
                : throw new ScriptException(step.Value.Place, "boot: takes no value; the machine is the same as before")),
        new("check disk", "xv6's file system is `sound` (once its log is recovered) or `clean` (nothing to recover); `disk: 1` for the second",
            static (reader, step) =>
            {
                bool isClean = step.Text() switch
                {
                    "sound" => false,
                    "clean" => true,
                    { } other => throw new ScriptException(
                        step.Value.Place, $"check disk: {OptionValues.Quote(other)} is not a state; choose sound or clean"),
                };
                if (reader.Disks == 0)
                {
                    throw new ScriptException(step.Place, "check disk: the machine has no disk; give it one (machine: disk:)");
                }

                int disk = step.Fields.TakeWhole("disk", 0, reader.Disks - 1) ?? 0;
                return new ScriptStep.CheckDisk(step.Place, step.Title(isClean ? "clean" : "sound"), step.Limit, disk, isClean);
            }),
        new("net faults", "from now on this goes wrong on every cable: `drop=10%,delay=20ms`; or `none`",
            static (reader, step) => reader.ReadFaults(step)),
        new("net send", "sends this as a datagram to a port that the closed network forwards (`net: user,hostfwd=udp::5555-:7`), its `port`",
            static (_, step) =>
            {
                string text = step.Text();
                int port = step.Fields.TakeWhole("port", 1, ushort.MaxValue)
                    ?? throw new ScriptException(step.Place, "net send: has no port; add port: and one that hostfwd= forwards");
                return new ScriptStep.NetSend(
                    step.Place,
                    step.Title($"'{ScriptText.Show(text)}' to port {port}"),
                    step.Limit,
                    (ushort)port,
                    ScriptValues.Bytes(text));
            }),
        new("net answer", "lets the guest run until it has answered a datagram with this", static (_, step) =>
        {
            var pattern = ScriptValues.Pattern(step.Name, step.Value, step.Variables);
            return new ScriptStep.NetAnswer(step.Place, step.Title($"{pattern}"), step.Limit, pattern);
        }),
        new("exit code", "waits until the guest ends the run, with this code", static (_, step) =>
        {
            int code = ScriptFields.Whole(step.Name, step.Value, step.Variables, 0, int.MaxValue);
            return new ScriptStep.ExitCode(step.Place, step.Title($"{code}"), step.Limit, code);
        }),
        new("repeat", "does its `steps` so often", static (reader, step) =>
        {
            int times = ScriptFields.Whole(step.Name, step.Value, step.Variables, 1, MostTurns);
            var steps = step.Fields.Take("steps")
                ?? throw new ScriptException(step.Place, "repeat: has no steps; add steps: under it");
            return new ScriptStep.Repeat(step.Place, step.Title($"{times}"), step.Limit, times, reader.Read(steps.Value, step.Limit));
        }),
    ];

    /// <summary>What `net faults` chooses from, in the order of the steps.</summary>
    public IReadOnlyList<FaultOptions> Faults => _faults;

    private int Disks => disks;

    /// <summary>Reads a list of steps.</summary>
    /// <param name="usual">The limit of those that have none.</param>
    public ImmutableArray<ScriptStep> Read(YamlValue value, ScriptLimit usual)
    {
        if (value is not YamlValue.Sequence { Items.IsEmpty: false } sequence)
        {
            throw new ScriptException(
                value.Place, $"steps: {(value is YamlValue.Sequence ? "is empty" : $"is {value.Kind}")}; write a list: - run: ls");
        }

        return [.. sequence.Items.Select(item => ReadStep(item, usual))];
    }

    private ScriptStep ReadStep(YamlValue value, ScriptLimit usual)
    {
        if (++_count > MostSteps)
        {
            throw new ScriptException(value.Place, $"a script has at most {MostSteps} steps; use repeat or matrix");
        }

        if (value is YamlValue.Scalar { IsQuoted: false } name && Find(name.Text) is { Name: "boot" })
        {
            value = new YamlValue.Mapping(value.Place, [new YamlEntry(name, name with { Text = "" })]);
        }

        if (value is not YamlValue.Mapping { Entries: [var first, ..] })
        {
            throw new ScriptException(value.Place, $"a step is {value.Kind}; write what it does and a colon: - run: ls");
        }

        var row = Find(first.Key.Text) ?? throw new ScriptException(
            first.Key.Place,
            $"no step {OptionValues.Quote(first.Key.Text)}"
            + (NearestName.Find(first.Key.Text, Rows.Select(static row => row.Name)) is { } near
                ? $"; did you mean '{near}'?"
                : $"; there are {string.Join(", ", Rows.Select(static row => row.Name))}"));
        var fields = new ScriptFields(value, $"the step '{row.Name}'", variables);
        fields.Take(row.Name);
        var limit = fields.Take("within") is { } within ? ScriptValues.Limit(within, variables, usual) : usual;
        var step = row.Read(this, new StepFields(row.Name, first.Value, fields, first.Key.Place, limit));
        fields.RefuseOthers();
        return step;
    }

    private ScriptStep.Run ReadRun(StepFields step)
    {
        string line = step.Text();
        if (line.Contains('\n'))
        {
            throw new ScriptException(step.Value.Place, "run: has more than one line; use a step for each, or send");
        }

        return new ScriptStep.Run(
            step.Place,
            step.Title($"'{line}'"),
            step.Limit,
            ScriptValues.Bytes(line + "\n"),
            prompt,
            step.Fields.Take("expect") is { } expect ? ScriptValues.Patterns("expect", expect.Value, variables) : [],
            step.Fields.Take("reject") is { } reject ? ScriptValues.Patterns("reject", reject.Value, variables) : []);
    }

    private ScriptStep.NetFaults ReadFaults(StepFields step)
    {
        string text = step.Text();
        if (text == "none")
        {
            return new ScriptStep.NetFaults(step.Place, step.Title(text), step.Limit, 0);
        }

        try
        {
            var properties = PropertyList.Parse(step.Name, text, null);
            _faults.Add(properties.Get("netdev") is null
                ? LinkFaultParser.Parse(properties)
                : throw new UsageException($"{step.Name}: netdev= can't be chosen here: it is for every cable"));
        }
        catch (UsageException e)
        {
            throw new ScriptException(step.Value.Place, e.Message);
        }

        return new ScriptStep.NetFaults(step.Place, step.Title(text), step.Limit, _faults.Count);
    }

    private static Row? Find(string name) => Rows.FirstOrDefault(row => row.Name == name);

    private static bool Flag(string name, ScriptPlace place, string text)
    {
        try
        {
            return OptionValues.Switch(name, text);
        }
        catch (UsageException e)
        {
            throw new ScriptException(place, e.Message);
        }
    }
}
