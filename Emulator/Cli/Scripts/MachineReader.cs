using System.Collections.Immutable;
using System.Text.RegularExpressions;
using RiscvXv6.Emulator.Cli.Options;
using RiscvXv6.Emulator.Cli.Qemu;
using RiscvXv6.Emulator.Cli.Verbs;
using RiscvXv6.Emulator.Machine;
using RiscvXv6.Emulator.Scripts;

namespace RiscvXv6.Emulator.Cli.Scripts;

/// <summary>A disk that is written to a file at the end.</summary>
/// <param name="Disk">From 0.</param>
internal sealed record KeptDisk(int Disk, string Path);

/// <summary>Reads a script's machine into the options of the command line, with defaults that make runs repeat.</summary>
/// <param name="folder">The script's.</param>
/// <param name="variables">For all values; those that have an option's name set it.</param>
/// <param name="isFromCommandLine">Says of a variable that its paths begin at the working folder.</param>
internal sealed partial class MachineReader(string folder, ScriptVariables variables, Func<string, bool> isFromCommandLine)
{
    /// <summary>What the clock shows if the script does not say.</summary>
    private const string UsualDate = "2026-01-01";

    private readonly Dictionary<string, ScriptPlace> _places = [];
    private readonly List<KeptDisk> _kept = [];
    private readonly List<string> _disks = [];

    public ImmutableArray<KeptDisk> Kept => [.. _kept];

    public int Disks => _disks.Count;

    public MachineOptions Read(YamlValue value)
    {
        var fields = new ScriptFields(value, "machine", variables);
        var run = new RunVerb { Rtc = UsualDate };
        foreach (var key in MachineKey.All)
        {
            Read(key, fields, run);
        }

        ReadDisks(fields.Take(MachineKey.Disk), fields.Place);
        fields.RefuseOthers();
        run.Disks = _disks;
        if (string.IsNullOrEmpty(run.Kernel))
        {
            throw new ScriptException(fields.Place, "machine: has no kernel; add kernel: FILE");
        }

        try
        {
            var options = run.Interpret(new HostFacts(IsTerminal: false, UtcNanoseconds: 0, LocalNanoseconds: 0)).Options;
            return options with { Pace = GuestTest.Reaches(options.Network) ? options.Pace : Pace.Virtual, Serial = SerialOptions.Null };
        }
        catch (UsageException e)
        {
            var option = OptionName().Match(e.Message);
            string name = option.Groups["name"].Value;
            throw new ScriptException(
                _places.GetValueOrDefault(name, fields.Place),
                option.Success && _places.ContainsKey(name) ? e.Message[2..] : $"machine: {e.Message}");
        }
    }

    [GeneratedRegex("^--(?<name>[a-z-]+):")]
    private static partial Regex OptionName();

    private void Read(MachineKey key, ScriptFields fields, RunVerb run)
    {
        var entry = fields.Take(key.Name);
        var values = new List<(ScriptPlace Place, string Text)>();
        bool isHere = false;
        if ((entry is null || isFromCommandLine(key.Name)) && variables.TryTake(key.Name, out string chosen))
        {
            isHere = isFromCommandLine(key.Name);
            values.Add((entry?.Value.Place ?? fields.Place, chosen));
        }
        else if (entry is not null)
        {
            values.AddRange(ScriptFields.Texts(key.Name, entry.Value, variables));
            if (values.Count == 0 || values.Count > 1 && key.Kind is not (MachineKeyKind.List or MachineKeyKind.Networks))
            {
                throw new ScriptException(entry.Value.Place, $"{key.Name}: is a list; write one text");
            }
        }

        if (values.Count == 0)
        {
            return;
        }

        var place = _places[key.Name] = values[0].Place;
        string[] texts = [.. values.Select(value => key.Kind switch
        {
            MachineKeyKind.Path => FileAt(key.Name, place, value.Text, isHere),
            MachineKeyKind.Firmware when value.Text is not ("none" or "default") => FileAt(key.Name, place, value.Text, isHere),
            MachineKeyKind.Networks => Network(value.Text),
            _ => value.Text,
        })];
        try
        {
            key.Set(run, texts);
        }
        catch (UsageException e)
        {
            throw new ScriptException(place, e.Message[2..]);
        }
    }

    private void ReadDisks(YamlEntry? entry, ScriptPlace machine)
    {
        if (isFromCommandLine(MachineKey.Disk) && variables.TryTake(MachineKey.Disk, out string chosen))
        {
            var place = entry?.Value.Place ?? machine;
            Add(place, FileAt(MachineKey.Disk, place, chosen, isHere: true), isReadOnly: false);
            return;
        }

        if (entry is null)
        {
            if (variables.TryTake(MachineKey.Disk, out chosen))
            {
                Add(machine, FileAt(MachineKey.Disk, machine, chosen, isHere: false), isReadOnly: false);
            }

            return;
        }

        foreach (var disk in entry.Value is YamlValue.Sequence list ? list.Items : [entry.Value])
        {
            if (disk is not YamlValue.Mapping)
            {
                Add(disk.Place, FileAt(MachineKey.Disk, disk.Place, ScriptFields.Text(MachineKey.Disk, disk, variables), false), false);
                continue;
            }

            var fields = new ScriptFields(disk, MachineKey.Disk, variables);
            var file = fields.TakeText("file") ?? throw new ScriptException(disk.Place, "disk: has no file; add file: IMAGE");
            bool isReadOnly = fields.TakeText("readonly") is { } flag && Flag("readonly", flag.Place, flag.Text);
            var keep = fields.TakeText("keep");
            fields.RefuseOthers();
            if (keep is { } kept)
            {
                _kept.Add(new KeptDisk(_disks.Count, Path.GetFullPath(Path.Combine(folder, kept.Text))));
            }

            Add(file.Place, FileAt(MachineKey.Disk, file.Place, file.Text, false), isReadOnly);
        }

        // A script never changes the file: what is written stays in memory.
        void Add(ScriptPlace place, string path, bool isReadOnly)
        {
            _places[MachineKey.Disk] = place;
            _disks.Add(path + (isReadOnly ? ",readonly" : ",snapshot"));
        }
    }

    /// <summary>Looked for before anything runs, so that a typing error costs no time.</summary>
    private string FileAt(string name, ScriptPlace place, string text, bool isHere)
    {
        string path = isHere || Path.IsPathRooted(text) ? text : Path.Combine(folder, text);
        return File.Exists(path)
            ? path
            : throw new ScriptException(
                place,
                $"{name}: {OptionValues.Quote(path)}: "
                + (Directory.Exists(path) ? "is a directory; name a file" : "no such file; build it first, or check the path"));
    }

    /// <summary>Closed, with peers in this process, unless the script says otherwise.</summary>
    private string Network(string text)
    {
        var properties = PropertyList.Parse("net", text, "type");
        if (properties.Get("type") != "user")
        {
            return text;
        }

        string more = "";
        if (properties.Get("restrict") is null)
        {
            more += ",restrict=on";
        }

        if (properties.Get("peers") is null)
        {
            more += ",peers=on";
        }

        return properties.Get("tftp") is { Length: > 0 } tftp && !Path.IsPathRooted(tftp)
            ? text.Replace($"tftp={tftp}", $"tftp={Path.Combine(folder, tftp)}", StringComparison.Ordinal) + more
            : text + more;
    }

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
