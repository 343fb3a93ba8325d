# The Makefile's verbs for PowerShell, by the same dotnet commands; a test compares them.
# usage: ./build.ps1 [build|qemu|guest|test|test-long|bench|bench-report|clean|help]
param([string] $Verb = "build", [int] $Cpus = 3, [string] $Netdev = "user", [string] $Nic = "e1000", [string[]] $QemuExtra = @(), [string[]] $Bench = @())

$ErrorActionPreference = "Stop"
Set-Location $PSScriptRoot
$Rid = [System.Runtime.InteropServices.RuntimeInformation]::RuntimeIdentifier
$Program = "artifacts/riscvxv6"
$QemuOpts = "-machine virt -bios none -kernel xv6-guest-image/image/kernel.elf -m 128M -smp $Cpus -nographic " +
    "-global virtio-mmio.force-legacy=false " +
    "-drive file=artifacts/fs.img,if=none,format=raw,id=x0 " +
    "-device virtio-blk-device,drive=x0,bus=virtio-mmio-bus.0 " +
    "-netdev $Netdev,id=net0 " +
    "-device $Nic,netdev=net0,bus=pcie.0"

function Invoke-Build {
    dotnet publish Emulator -c Release -r $Rid --no-self-contained -p:PublishReadyToRun=true -o artifacts --nologo -v q
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}

switch ($Verb) {
    "build" { Invoke-Build }
    "qemu" {
        Invoke-Build
        # Kept once copied, so that what is written is there again next time.
        if (-not (Test-Path artifacts/fs.img)) { Copy-Item xv6-guest-image/image/fs.img artifacts/ }
        & $Program @($QemuOpts -split " ") @QemuExtra
    }
    "guest" {
        Invoke-Build
        make -C xv6-guest-image install RISCVXV6=$PSScriptRoot/$Program
    }
    "test" { dotnet test Tests -c Release --nologo --filter TestCategory!=LongRunning }
    "test-long" { dotnet test Tests -c Release --nologo --filter TestCategory=LongRunning }
    "bench" {
        Invoke-Build
        dotnet run --project Benchmarks -c Release -- @Bench
    }
    "bench-report" { dotnet run --project Benchmarks -c Release -- --packet-report }
    "clean" {
        dotnet clean --nologo -v q
        Remove-Item -Recurse -Force -ErrorAction SilentlyContinue artifacts
    }
    "help" { Get-Content $PSCommandPath -TotalCount 2 }
    default {
        [Console]::Error.WriteLine("build.ps1: no verb '$Verb'; there are build, qemu, guest, test, test-long, bench, bench-report, clean, help")
        exit 2
    }
}
exit $LASTEXITCODE
