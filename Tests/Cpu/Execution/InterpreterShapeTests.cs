using System.Reflection;
using NUnit.Framework;
using RiscvXv6.Emulator.Cpu.Execution;

namespace RiscvXv6.Tests.Cpu.Execution;

/// <summary>
/// RyuJIT silently drops a method to minimum optimisation past 60,000 bytes of code, 2,000 blocks or 8,000 references to
/// locals and arguments (its DEFAULT_MIN_OPTS limits): 1.9 ns an instruction became 10.4. Nothing else would tell.
/// </summary>
/// <remarks>
/// Counted in what this build compiled. A Debug build names more locals than the Release build that is shipped, so a pass
/// here holds there too.
/// </remarks>
public sealed class InterpreterShapeTests
{
    /// <summary>RyuJIT counts after inlining the small methods that the arms call; hence a quarter of its 8,000 is kept free.</summary>
    private const int LocalReferencesMax = 6_000;
    private const int CodeBytesMax = 60_000;

    [Test]
    public void The_interpreters_loop_stays_small_enough_for_the_JIT_to_optimise()
    {
        byte[] body = Body(typeof(Interpreter), "Execute");
        int references = IntermediateCode.CountLocalReferences(body);
        TestContext.Out.WriteLine($"{references} references to locals, {body.Length} bytes");
        Assert.That(Excesses(body), Is.Empty);
    }

    [Test]
    public void The_loop_is_counted_and_not_a_stub_that_calls_it() =>
        Assert.That(IntermediateCode.CountLocalReferences(Body(typeof(Interpreter), "Execute")), Is.GreaterThan(500));

    /// <summary>Assembled by hand from ECMA-335 partition III; operands hold bytes that would be references as opcodes.</summary>
    [Test]
    public void References_are_counted_and_operands_are_not()
    {
        byte[] body =
        [
            0x02, // ldarg.0                  1
            0x0d, // stloc.3                  2
            0x11, 0x06, // ldloc.s 6          3
            0xfe, 0x0d, 0x02, 0x02, // ldloca 4
            0xfe, 0x0b, 0x0a, 0x0a, // starg  5
            0x20, 0x06, 0x06, 0x06, 0x06, // ldc.i4
            0x21, 6, 6, 6, 6, 6, 6, 6, 6, // ldc.i8
            0x45, 2, 0, 0, 0, 6, 6, 6, 6, 7, 7, 7, 7, // switch with two targets
            0x2b, 0x06, // br.s
            0xfe, 0x01, // ceq
            0x2a, // ret
        ];
        Assert.That(IntermediateCode.CountLocalReferences(body), Is.EqualTo(5));
    }

    [Test]
    public void A_loop_that_names_locals_too_often_is_caught()
    {
        byte[] body = new byte[LocalReferencesMax];
        Array.Fill(body, (byte)0x06); // ldloc.0
        Assert.That(Excesses(body), Is.EqualTo(new[] { "6000 references to locals" }));
        body[0] = 0x00; // nop
        Assert.That(Excesses(body), Is.Empty);
    }

    [Test]
    public void A_loop_that_is_too_long_is_caught() =>
        Assert.That(Excesses(new byte[CodeBytesMax]), Is.EqualTo(new[] { "60000 bytes" }));

    [Test]
    public void Code_that_is_cut_short_is_refused() =>
        Assert.That(static () => IntermediateCode.CountLocalReferences([0x20, 0x06]), Throws.TypeOf<InvalidDataException>());

    private static List<string> Excesses(byte[] body)
    {
        var excesses = new List<string>();
        int references = IntermediateCode.CountLocalReferences(body);
        if (references >= LocalReferencesMax)
        {
            excesses.Add($"{references} references to locals");
        }

        if (body.Length >= CodeBytesMax)
        {
            excesses.Add($"{body.Length} bytes");
        }

        return excesses;
    }

    private static byte[] Body(Type type, string method) =>
        type.GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic)?.GetMethodBody()?.GetILAsByteArray()
        ?? throw new MissingMethodException(type.Name, method);
}
