using System.Text;
using NUnit.Framework;

namespace RiscvXv6.Tests.Scripts;

/// <summary>A bad script gets one line: where, what is wrong, what to do.</summary>
internal sealed class ScriptComplaintTests
{
    private const string Steps = "steps: [boot]\n";

    [TestCase("", "1:1: is empty; a script has steps: docs/guest-tests.md shows one")]
    [TestCase("# nothing\n", "1:1: is empty; a script has steps: docs/guest-tests.md shows one")]
    [TestCase("hello", "1:1: the script is a text; it must be a mapping: key: value")]
    [TestCase("- a", "1:1: the script is a list; it must be a mapping: key: value")]
    [TestCase("a: 1\na: 2\n", "2:1: 'a' is here twice; leave one")]
    [TestCase("a: [1, 2\n", "2:1: is not YAML: While parsing a flow sequence, did not find expected ',' or ']'")]
    [TestCase("a: b: c\n", "1:5: is not YAML: While scanning a plain scalar value, found invalid mapping")]
    [TestCase("a: &x 1\n", "1:4: anchors (&name) are not supported; use repeat or matrix")]
    [TestCase("a: *x\n", "1:4: aliases (*name) are not supported; write it again, or use repeat or matrix")]
    [TestCase("a: !!binary x\n", "1:4: tags (!name) are not supported; leave it out")]
    [TestCase("? [a]\n: b\n", "1:1: has a key that is not a text")]
    [TestCase(Steps + "---\na: 1\n", "2:1: a second document begins here; put each script into its own file")]
    [TestCase(Steps, "1:1: the script has no machine; add machine: with kernel: FILE")]
    [TestCase("machine: {kernel: LICENSE}\n", "1:1: the script has no steps; add steps: and a list")]
    [TestCase("machin: {kernel: LICENSE}\n" + Steps, "1:1: the script has no key 'machin'... did you mean 'machine'?")]
    public void A_file_that_is_no_script_is_refused(string script, string expected) => AssertComplaint(script, expected);

    [TestCase("machine: LICENSE", "1:10: machine is a text; it must be a mapping: key: value")]
    [TestCase("machine: {harts: 3}", "1:10: machine: has no kernel; add kernel: FILE")]
    [TestCase("machine: {kernel: }", "1:19: kernel: is empty; write a text")]
    [TestCase("machine: {kernel: [LICENSE, README.md]}", "1:19: kernel: is a list; write one text")]
    [TestCase("machine: {kernel: nosuch}", "1:19: kernel: 'ROOT/nosuch': no such file; build it first, or check the path")]
    [TestCase("machine: {kernel: docs}", "1:19: kernel: 'ROOT/docs': is a directory; name a file")]
    [TestCase("machine: {kernel: LICENSE, cpus: 3}", "1:28: machine has no key 'cpus'; there are kernel, harts, memory, bios, initrd, append, dtb, "
        + "legacy-virtio, net, nic, nic-fidelity, dns-host, net-faults, cpu-mhz, strict-pmp, no-reboot, rtc, seed, hart-seed, disk")]
    [TestCase("machine: {kernel: LICENSE, hart: 3}", "1:28: machine has no key 'hart'; did you mean 'harts'?")]
    [TestCase("machine: {kernel: LICENSE, harts: 9}", "1:35: harts: '9' is not a number of harts; choose 1 to 8")]
    [TestCase("machine: {kernel: LICENSE, memory: lots}",
        "1:36: memory: 'lots' is not a memory size; write it as 128M or 1G, or as a plain number of MiB")]
    [TestCase("machine: {kernel: LICENSE, strict-pmp: perhaps}", "1:40: strict-pmp: 'perhaps' is neither on nor off")]
    [TestCase("machine: {kernel: LICENSE, net: usr}", "1:33: net: no network 'usr'; did you mean user?...")]
    [TestCase("machine: {kernel: LICENSE, net-faults: drop=1%}", "1:40: net-faults: ...")]
    [TestCase("machine: {kernel: LICENSE, disk: nosuch.img}", "1:34: disk: 'ROOT/nosuch.img': no such file; build it first, or check the path")]
    [TestCase("machine: {kernel: LICENSE, disk: {keep: out.img}}", "1:34: disk: has no file; add file: IMAGE")]
    [TestCase("machine: {kernel: LICENSE, disk: {file: LICENSE, kep: out.img}}", "1:50: disk has no key 'kep'; did you mean 'keep'?")]
    public void A_machine_that_can_not_be_is_refused(string machine, string expected) => AssertComplaint($"{machine}\n{Steps}", expected);

    [TestCase("matrix: 3", "2:9: matrix: is a text; write name: [values]")]
    [TestCase("matrix: {a b: [1]}", "2:10: matrix: 'a b' is no name; use letters, digits, - and _")]
    [TestCase("matrix: {cut: []}", "2:15: matrix: cut has no values; write some: [1, 3]")]
    [TestCase("matrix: {cut: 9..1}",
        "2:15: matrix: '9..1' is not a range of up to 10000 numbers; write 1..8, or 1..60:3 for every third")]
    [TestCase("matrix: {cut: 1..5}", "2:10: matrix: nothing uses cut; write ${cut} somewhere")]
    [TestCase("matrix: {a: 1..200, b: 1..200}", "2:21: the matrix has more than 10000 combinations; use fewer values")]
    [TestCase("matrix: {harts: [1, 9]}", "1:10: harts: '9' is not a number of harts; choose 1 to 8")]
    [TestCase("within: soon", "2:9: within: 'soon' is not a time; write 20ms, 1.5s, 100us or 500ns (an hour at most)")]
    [TestCase("within: host never", "2:9: within: 'never' is not a time; write 20ms, 1.5s, 100us or 500ns (an hour at most)")]
    [TestCase("prompt: ''", "2:9: prompt: is empty; write a text")]
    [TestCase("reject: []", "2:9: reject: is an empty list; write a text")]
    [TestCase("reject: {regex: '('}", "2:17: reject: '(' is not a regular expression: insufficient closing parentheses, after 1 characters")]
    [TestCase("reject: {regex: '(a)\\1'}",
        "2:17: reject: '(a)\\1' is not a regular expression: it looks around, or back to a group; neither is possible here")]
    [TestCase("reject: {rex: 'a'}", "2:10: reject has no key 'rex'; there is regex")]
    [TestCase("name: [a]", "2:7: name: is a list; write a text")]
    public void A_key_with_a_wrong_value_is_refused(string key, string expected) =>
        AssertComplaint($"machine: {{kernel: LICENSE}}\n{key}\n{Steps}", expected);

    [TestCase("ls", "2:8: steps: is a text; write a list: - run: ls")]
    [TestCase("[]", "2:8: steps: is empty; write a list: - run: ls")]
    [TestCase("[ls]", "2:9: a step is a text; write what it does and a colon: - run: ls")]
    [TestCase("[{wait fro: x}]", "2:10: no step 'wait fro'; did you mean 'wait for'?")]
    [TestCase("[{sleep: x}]", "2:10: no step 'sleep'; there are wait for, wait, run, send, send raw, expect, reject, power cut at write, "
        + "power cut at time, power cut at output, boot, check disk, net faults, net send, net answer, exit code, repeat")]
    [TestCase("[{within: 3s, run: ls}]", "2:10: no step 'within'; there are ...")]
    [TestCase("[{run: ls, witin: 3s}]", "2:19: the step 'run' has no key 'witin'; did you mean 'within'?")]
    [TestCase("[{run: ls, within: 2h}]", "2:27: within: '2h' is not a time; write 20ms, 1.5s, 100us or 500ns (an hour at most)")]
    [TestCase("[{run: \"a\\nb\"}]", "2:15: run: has more than one line; use a step for each, or send")]
    [TestCase("[{run: }]", "2:15: run: is empty; write a text")]
    [TestCase("[{run: [a]}]", "2:15: run: is a list; write a text")]
    [TestCase("[{send: '${cat}'}]", "2:16: no variable 'cat'; matrix: gives variables their values")]
    [TestCase("[{send: '${cat'}]", "2:16: a ${ is not closed; add }, or write $${ if it is meant as it stands")]
    [TestCase("[{power cut at write: 0}]", "2:30: power cut at write: '0' is not a number from 1 to 10000000")]
    [TestCase("[{power cut at write: 1, torn: half}]", "2:39: torn: 'half' is neither on nor off")]
    [TestCase("[{power cut at time: 1}]", "2:29: power cut at time: '1' is not a time; write 20ms, 1.5s, 100us or 500ns (an hour at most)")]
    [TestCase("[{power cut: 1}]", "2:10: no step 'power cut'; ...")]
    [TestCase("[{boot: 2}]", "2:16: boot: takes no value; the machine is the same as before")]
    [TestCase("[{check disk: good}]", "2:22: check disk: 'good' is not a state; choose sound or clean")]
    [TestCase("[{check disk: sound}]", "2:10: check disk: the machine has no disk; give it one (machine: disk:)")]
    [TestCase("[{net faults: drop=often}]", "2:22: net faults: drop: 'often' is not a chance; write 1%, 0.01 or 250ppm")]
    [TestCase("[{net faults: 'drop=1%,netdev=n'}]", "2:22: net faults: netdev= can't be chosen here: it is for every cable")]
    [TestCase("[{net send: hello}]", "2:10: net send: has no port; add port: and one that hostfwd= forwards")]
    [TestCase("[{net send: hello, port: 70000}]", "2:33: port: '70000' is not a number from 1 to 65535")]
    [TestCase("[{exit code: ok}]", "2:21: exit code: 'ok' is not a number from 0 to 2147483647")]
    [TestCase("[{repeat: 3}]", "2:10: repeat: has no steps; add steps: under it")]
    [TestCase("[{repeat: 0, steps: [boot]}]", "2:18: repeat: '0' is not a number from 1 to 10000")]
    [TestCase("[{repeat: 2, steps: [{runn: ls}]}]", "2:30: no step 'runn'; did you mean 'run'?")]
    public void A_step_that_can_not_be_done_is_refused(string steps, string expected) =>
        AssertComplaint($"machine: {{kernel: LICENSE}}\nsteps: {steps}\n", expected);

    [Test]
    public void A_variable_is_named_when_another_was_meant() => AssertComplaint(
        "machine: {kernel: LICENSE}\nmatrix: {cut: [1]}\nsteps: [{send: '${cut} ${cot}'}]\n",
        "3:16: no variable 'cot'; did you mean cut?; there are cut");

    [Test]
    public void A_bomb_of_any_kind_costs_a_line()
    {
        AssertComplaint(new string('[', 100_000), "1:25: is nested more than 24 deep; no script needs that");
        AssertComplaint(string.Concat(Enumerable.Repeat("{a: ", 10_000)), "1:97: is nested more than 24 deep; no script needs that");
        AssertComplaint("a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n", "1:4: anchors (&name) are not supported; use repeat or matrix");
        AssertComplaint(new string('x', 300_000), "1:1: a script has at most 256 KiB; is this the right file?");
        AssertComplaint(
            "machine: {kernel: LICENSE}\nsteps:\n" + string.Concat(Enumerable.Repeat("- boot\n", 1001)),
            "1003:3: a script has at most 1000 steps; use repeat or matrix");
    }

    [Test]
    public void A_file_that_is_no_text_is_refused()
    {
        Assert.That(ScriptFile.Complaint([0x7f, (byte)'E', (byte)'L', (byte)'F', 0xff]), Is.EqualTo("1:1: is not text in UTF-8; is it a script?"));
        AssertComplaint("name: a\nsteps: [\u0003]\n", "2:9: has a control character (0x03); write it as \"\\x03\" in quotation marks");
    }

    [Test]
    public void The_harness_sees_a_good_script() => AssertComplaint(ScriptFile.Machine + Steps, "(accepted)");

    /// <param name="expected">In which <c>...</c> stands for anything.</param>
    private static void AssertComplaint(string script, string expected)
    {
        string complaint = ScriptFile.Complaint(Encoding.UTF8.GetBytes(script));
        Assert.That(complaint, Does.Not.Contain('\n'));
        string[] parts = expected.Split("...");
        if (parts.Length == 1)
        {
            Assert.That(complaint, Is.EqualTo(expected));
            return;
        }

        Assert.That(complaint, Does.StartWith(parts[0]).And.EndsWith(parts[^1]));
    }
}
