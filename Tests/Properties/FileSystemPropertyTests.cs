using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;
using RiscvXv6.Guest.Xv6Fs;

namespace RiscvXv6.Tests.Properties;

/// <summary>
/// Random steps on an image and on a plain dictionary of paths: each agrees on what is possible, they have the same contents, and
/// the checker has nothing to say. What fails changes no byte.
/// </summary>
public sealed class FileSystemPropertyTests
{
    private static readonly string[] s_names = ["a", "b", "name-of-14-byt", "é", "..x", "x y"];

    /// <summary>Sizes around the borders of blocks, of direct blocks, and of the longest file.</summary>
    private static readonly int[] s_sizes = [0, 1, 1023, 1024, 1025, 12_287, 12_288, 12_289, 13_313, 274_432, 274_433];

    private static readonly Dictionary<int, byte[]> s_contents = s_sizes.ToDictionary(static size => size, MakeContent);

    private enum Action
    {
        Add,
        MakeDirectory,
        Remove,
        RemoveTree,
    }

    /// <param name="Action">What to do.</param>
    /// <param name="Path">Up to three of the names.</param>
    /// <param name="Size">Of a file.</param>
    private sealed record Step(Action Action, string Path, int Size);

    [FsCheck.NUnit.Property(MaxTest = 60)]
    public Property Random_steps_agree_with_a_dictionary_and_leave_the_checker_silent() =>
        Prop.ForAll(Arb.From(Steps()), steps => Agrees(steps, blocks: 400, inodes: 20));

    [FsCheck.NUnit.Property(MaxTest = 4)]
    public Property So_they_do_on_an_image_with_several_blocks_of_map() =>
        Prop.ForAll(Arb.From(Steps()), steps => Agrees(steps, blocks: 20_000, inodes: 200));

    [FsCheck.NUnit.Property(MaxTest = 20)]
    public Property The_same_steps_make_the_same_bytes() =>
        Prop.ForAll(Arb.From(Steps()), steps => Perform(steps).Span.SequenceEqual(Perform(steps).Span));

    private static Gen<Step[]> Steps()
    {
        var path =
            from depth in Gen.Choose(1, 3)
            from names in Gen.Elements(s_names).ArrayOf(depth)
            select "/" + string.Join('/', names);
        var action = Gen.Frequency(
            (6, Gen.Constant(Action.Add)),
            (3, Gen.Constant(Action.MakeDirectory)),
            (3, Gen.Constant(Action.Remove)),
            (1, Gen.Constant(Action.RemoveTree)));
        return
            from count in Gen.Choose(1, 60)
            from steps in (
                from what in action
                from at in path
                from size in Gen.Elements(s_sizes)
                select new Step(what, at, size)).ArrayOf(count)
            select steps;
    }

    private static ReadOnlyMemory<byte> Perform(Step[] steps)
    {
        var writer = Format(400, 20);
        foreach (var step in steps)
        {
            Perform(writer, step, out _);
        }

        return writer.Image;
    }

    private static bool Perform(FsWriter writer, Step step, out FsError? error) => step.Action switch
    {
        Action.Add => writer.TryAddFile(step.Path, s_contents[step.Size], out error),
        Action.MakeDirectory => writer.TryMakeDirectory(step.Path, out error),
        _ => writer.TryRemove(step.Path, step.Action == Action.RemoveTree, out error),
    };

    private static bool Agrees(Step[] steps, uint blocks, uint inodes)
    {
        var writer = Format(blocks, inodes);
        var model = new Dictionary<string, byte[]?> { ["/"] = null };
        foreach (var step in steps)
        {
            byte[]? before = blocks < 1000 ? writer.Image.ToArray() : null;
            bool done = Perform(writer, step, out var error);
            bool isFull = error?.Kind is FsErrorKind.DiskFull or FsErrorKind.NoInodes;
            Assert.That(done || isFull, Is.EqualTo(IsPossible(model, step)), $"{step}: {error}");
            if (done)
            {
                Update(model, step);
                // As a new writer finds it, every now and then.
                if (step.Size == 0 && before is not null)
                {
                    Assert.That(FsWriter.TryOpen(writer.Image.ToArray(), out var reopened, out _), Is.True);
                    Assert.That(reopened!.FreeBlocks, Is.EqualTo(writer.FreeBlocks));
                    writer = reopened;
                }
            }
            else
            {
                Assert.That(before is null || writer.Image.Span.SequenceEqual(before), $"{step} failed and changed the image");
            }
        }

        byte[] bytes = writer.Image.ToArray();
        var report = FsChecker.Check(bytes);
        Assert.That(report.Findings, Is.Empty);
        Assert.That(report.UsedInodes, Is.EqualTo(model.Count));
        Assert.That(report.FreeBlocks, Is.EqualTo(writer.FreeBlocks));
        AssertContents(bytes, model);
        return true;
    }

    private static bool IsPossible(Dictionary<string, byte[]?> model, Step step)
    {
        bool isThere = model.TryGetValue(step.Path, out byte[]? content);
        string parent = step.Path[..step.Path.LastIndexOf('/')];
        bool hasParent = model.TryGetValue(parent.Length == 0 ? "/" : parent, out byte[]? file) && file is null;
        return step.Action switch
        {
            Action.Add => hasParent && !isThere && step.Size <= 268 * 1024,
            Action.MakeDirectory => hasParent && !isThere,
            Action.Remove => isThere && (content is not null || !Below(model, step.Path).Any()),
            _ => isThere,
        };
    }

    private static void Update(Dictionary<string, byte[]?> model, Step step)
    {
        if (step.Action is Action.Add or Action.MakeDirectory)
        {
            model.Add(step.Path, step.Action == Action.Add ? s_contents[step.Size] : null);
            return;
        }

        foreach (string path in (string[])[step.Path, .. Below(model, step.Path)])
        {
            model.Remove(path);
        }
    }

    private static IEnumerable<string> Below(Dictionary<string, byte[]?> model, string path) =>
        model.Keys.Where(other => other.StartsWith(path + "/", StringComparison.Ordinal));

    private static void AssertContents(byte[] bytes, Dictionary<string, byte[]?> model)
    {
        Assert.That(FsImage.TryOpen(bytes, out var image, out var error), Is.True, error?.Message);
        var listings = image!.List("/", FsFormat.RootInode).ToArray();
        Assert.That(listings.Select(listing => listing.Path), Is.EquivalentTo(model.Keys));
        foreach (var listing in listings)
        {
            byte[]? expected = model[listing.Path];
            Assert.That(listing.Inode.IsDirectory, Is.EqualTo(expected is null), listing.Path);
            if (expected is not null)
            {
                Assert.That(image.TryRead(listing.Path, listing.Number, out byte[]? content, out _), Is.True);
                Assert.That(content.AsSpan().SequenceEqual(expected), listing.Path);
            }
        }
    }

    /// <summary>Bytes that tell blocks apart.</summary>
    private static byte[] MakeContent(int size)
    {
        byte[] content = new byte[size];
        for (int at = 0; at < size; at++)
        {
            content[at] = (byte)(at / 1024 + at * 7 + size);
        }

        return content;
    }

    private static FsWriter Format(uint blocks, uint inodes)
    {
        Assert.That(FsShape.TryCreate(blocks, inodes, 31, out var shape, out var error), Is.True, error?.Message);
        return FsWriter.Format(shape!);
    }
}
