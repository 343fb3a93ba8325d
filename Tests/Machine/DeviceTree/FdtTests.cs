using System.Buffers.Binary;
using NUnit.Framework;
using RiscvXv6.Devices.Bus;
using RiscvXv6.Emulator.Machine.DeviceTree;

namespace RiscvXv6.Tests.Machine.DeviceTree;

public sealed class FdtTests
{
    private const string Source = """
        /dts-v1/;

        /memreserve/	0x0000000080000000 0x0000000000040000;
        / {
        	#address-cells = <0x02>;
        	compatible = "a", "bc";
        	empty;

        	chosen {
        		other = [01 02 03];
        	};

        	node@1 {
        		compatible = "d";

        		inner {
        		};
        	};
        };

        """;

    [Test]
    public void What_is_written_is_what_dtc_compiles()
    {
        var root = new DeviceTreeNode("");
        root.SetCells("#address-cells", 2).SetStrings("compatible", "a", "bc").SetFlag("empty");
        root.Add("chosen").Set("other", [1, 2, 3]);
        root.Add("node@1").SetStrings("compatible", "d").Add("inner");

        byte[] blob = FdtWriter.Write(root, [new AddressRange(0x8000_0000, 0x4_0000)]);

        Assert.That(Dtc.Decompile(blob), Is.EqualTo(Dtc.Decompile(Dtc.Compile(Source))));
    }

    [Test]
    public void A_property_name_stands_in_the_strings_once()
    {
        var root = new DeviceTreeNode("");
        root.SetFlag("status");
        root.Add("a").SetFlag("status");

        byte[] blob = FdtWriter.Write(root);

        Assert.That(BinaryPrimitives.ReadUInt32BigEndian(blob.AsSpan(32)), Is.EqualTo("status".Length + 1));
    }

    [Test]
    public void A_blob_of_dtc_is_read_and_written_back()
    {
        byte[] blob = Dtc.Compile(Source);

        Assert.That(FdtReader.TryRead(blob, out var tree, out string? error), Is.True, error);
        Assert.That(Dtc.Decompile(FdtWriter.Write(tree!.Root, tree.Reservations, tree.BootHart)),
            Is.EqualTo(Dtc.Decompile(blob)));
        Assert.That(tree.Reservations, Is.EqualTo(new[] { new AddressRange(0x8000_0000, 0x4_0000) }));
    }

    [Test]
    public void The_tree_of_QEMU_is_read_although_its_blob_is_padded()
    {
        byte[] blob = Dtc.OfQemu(2, 128);

        Assert.That(FdtReader.TryRead(blob, out var tree, out string? error), Is.True, error);
        Assert.That(Dtc.Decompile(FdtWriter.Write(tree!.Root)), Is.EqualTo(Dtc.Decompile(blob)));
    }

    [Test]
    public void Chosen_keeps_what_the_users_tree_has_and_replaces_what_the_command_line_says()
    {
        var root = new DeviceTreeNode("");
        root.Add("chosen").SetStrings("bootargs", "old").SetStrings("stdout-path", "/x");

        new ChosenNode { BootArguments = "new" }.ApplyTo(root);

        var chosen = root.Child("chosen")!;
        Assert.That(chosen.Property("bootargs"), Is.EqualTo("new\0"u8.ToArray()));
        Assert.That(chosen.Property("stdout-path"), Is.EqualTo("/x\0"u8.ToArray()));
        Assert.That(chosen.Properties, Has.Count.EqualTo(2));
    }

    [Test]
    public void No_damaged_blob_makes_the_reader_throw()
    {
        byte[] valid = FdtWriter.Write(VirtDeviceTree.Create(new VirtBoard(2, 1 << 27)));
        const int seed = 20_261;
        var random = new Random(seed);
        int accepted = 0, refused = 0;
        for (int round = 0; round < 20_000; round++)
        {
            byte[] blob = valid[..(round % 4 == 0 ? random.Next(valid.Length) : valid.Length)];
            for (int change = random.Next(1, 5); change > 0 && blob.Length != 0; change--)
            {
                blob[random.Next(round % 2 == 0 ? Math.Min(blob.Length, 64) : blob.Length)] = (byte)random.Next(256);
            }

            if (FdtReader.TryRead(blob, out var tree, out string? error))
            {
                accepted++;
                Assert.That(FdtWriter.Write(tree.Root), Is.Not.Empty);
            }
            else
            {
                refused++;
                Assert.That(error, Is.Not.Empty.And.Not.Contain('\n'));
            }
        }

        Assert.That(accepted, Is.GreaterThan(100), $"seed {seed}: the mutations must not all be refused at the first check");
        Assert.That(refused, Is.GreaterThan(100), $"seed {seed}");
    }

    [Test]
    public void A_tree_nested_without_end_is_refused()
    {
        var root = new DeviceTreeNode("");
        var node = root;
        for (int depth = 0; depth < 100; depth++)
        {
            node = node.Add("n");
        }

        Assert.That(FdtReader.TryRead(FdtWriter.Write(root), out _, out string? error), Is.False);
        Assert.That(error, Does.Contain("damaged"));
    }
}
