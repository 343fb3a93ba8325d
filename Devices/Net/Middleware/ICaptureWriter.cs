namespace RiscvXv6.Devices.Net.Middleware;

/// <summary>A file of captured frames. A file that can't be written any more is given up with a notice; the guest goes on.</summary>
public interface ICaptureWriter : IDisposable
{
    /// <summary>Adds a frame.</summary>
    void Write(in CapturedFrame frame);

    /// <summary>Lets readers of the file see everything so far.</summary>
    void Flush();
}
