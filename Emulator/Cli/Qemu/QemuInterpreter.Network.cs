using RiscvXv6.Emulator.Cli.Network;

namespace RiscvXv6.Emulator.Cli.Qemu;

/// <content>Networks.</content>
internal sealed partial class QemuInterpreter
{
    public void Netdev(string text)
    {
        var properties = PropertyList.Parse("-netdev", text, "type");
        if (properties.Get("type") is "help" or "?")
        {
            Text = "Available netdev backend types:\n" + string.Concat(NetdevParser.Kinds.Select(static kind => kind + "\n"));
            return;
        }

        Builder.Network.AddNetdev(properties, properties.Require("id", "write -netdev user,id=net0"));
    }

    public void Nic(string text)
    {
        if (!PrintModels(text))
        {
            Builder.Network.AddPair(text);
        }
    }

    public void OldNet(string text)
    {
        if (!PrintModels(text))
        {
            Builder.Network.AddOld(text);
        }
    }

    private bool PrintModels(string text)
    {
        if (PropertyList.Parse("", text, "type").Get("model") is not ("help" or "?"))
        {
            return false;
        }

        Text = "Available NIC models:\n" + string.Concat(NicParser.Models.Select(static model => model + "\n"));
        return true;
    }
}
