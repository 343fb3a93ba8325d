namespace RiscvXv6.Devices.Virtio;

/// <summary>
/// A disk image that can't be used. The message is one line that names the image and says what to do.
/// </summary>
public sealed class BlockImageException : Exception
{
    public BlockImageException(string message)
        : base(message)
    {
    }

    public BlockImageException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
