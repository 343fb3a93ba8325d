using System.Buffers.Binary;
using System.Text;

namespace RiscvXv6.Emulator.Machine.DeviceTree;

/// <summary>A node of a device tree: properties and children in the order in which they were added.</summary>
/// <param name="name">With its unit address: <c>serial@10000000</c>. The root's is empty.</param>
internal sealed class DeviceTreeNode(string name)
{
    private readonly List<DeviceTreeProperty> _properties = [];
    private readonly List<DeviceTreeNode> _children = [];

    public string Name { get; } = name;

    public IReadOnlyList<DeviceTreeProperty> Properties => _properties;

    public IReadOnlyList<DeviceTreeNode> Children => _children;

    /// <summary>The child of that name, or null.</summary>
    public DeviceTreeNode? Child(string name) => _children.Find(child => child.Name == name);

    /// <summary>The value of a property, or null.</summary>
    public byte[]? Property(string name) => _properties.Find(property => property.Name == name)?.Value;

    /// <summary>Adds an empty child and returns it.</summary>
    public DeviceTreeNode Add(string name)
    {
        var child = new DeviceTreeNode(name);
        _children.Add(child);
        return child;
    }

    /// <summary>Adds a property without looking for one of the same name: in time that does not depend on their number.</summary>
    public void Append(DeviceTreeProperty property) => _properties.Add(property);

    /// <summary>Sets a property, in the place of one of the same name if there is one.</summary>
    public DeviceTreeNode Set(string name, ReadOnlySpan<byte> value)
    {
        var property = new DeviceTreeProperty(name, value.ToArray());
        int index = _properties.FindIndex(existing => existing.Name == name);
        if (index < 0)
        {
            _properties.Add(property);
        }
        else
        {
            _properties[index] = property;
        }

        return this;
    }

    /// <summary>A property without a value: its presence is what it says.</summary>
    public DeviceTreeNode SetFlag(string name) => Set(name, []);

    /// <summary>32-bit cells.</summary>
    public DeviceTreeNode SetCells(string name, params ReadOnlySpan<uint> cells)
    {
        var value = new byte[cells.Length * sizeof(uint)];
        for (int index = 0; index < cells.Length; index++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(value.AsSpan(index * sizeof(uint)), cells[index]);
        }

        return Set(name, value);
    }

    /// <summary>64-bit numbers of two cells each, high half first.</summary>
    public DeviceTreeNode SetLongs(string name, params ReadOnlySpan<ulong> numbers)
    {
        var value = new byte[numbers.Length * sizeof(ulong)];
        for (int index = 0; index < numbers.Length; index++)
        {
            BinaryPrimitives.WriteUInt64BigEndian(value.AsSpan(index * sizeof(ulong)), numbers[index]);
        }

        return Set(name, value);
    }

    /// <summary>One string, or a list of them.</summary>
    public DeviceTreeNode SetStrings(string name, params ReadOnlySpan<string> strings)
    {
        var value = new List<byte>();
        foreach (string text in strings)
        {
            value.AddRange(Encoding.UTF8.GetBytes(text));
            value.Add(0);
        }

        return Set(name, value.ToArray());
    }
}
