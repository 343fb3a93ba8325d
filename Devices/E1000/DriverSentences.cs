namespace RiscvXv6.Devices.E1000;

/// <summary>The sentences of <see cref="DriverAdvice"/>.</summary>
internal static class DriverSentences
{
    public static FormattableString Of(DriverMistake kind, ulong a, ulong b) => kind switch
    {
        DriverMistake.TransmitDescriptorAlreadyDone =>
            $"TX descriptor {a} was handed over with DD already set, so the driver's test for a full ring can never fire; clear its status before writing TDT",
        _ => $"{kind} ({a}, {b})",
    };
}
