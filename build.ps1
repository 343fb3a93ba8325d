# The Makefile's verbs for PowerShell, by the same dotnet commands; a test compares them.
# usage: ./build.ps1 [build|qemu|qemu-gdb|print-gdbport|guest|guest-test|test|test-long|bench|bench-report|clean|help]
param([string] $Verb = "build", [int] $Cpus = 3, [string] $Netdev = "user", [string] $Nic = "e1000", [string[]] $QemuExtra = @(), [int] $GdbPort = 0, [string[]] $Bench = @(),
    [string[]] $GuestTest = @())

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

# A port of one's own, as in the Makefile.
if ($GdbPort -eq 0) {
    $User = if ($IsWindows) { 0 } else { [int](id -u) }
    $GdbPort = $User % 5000 + 25000
}

function Invoke-Build {
    dotnet publish Emulator -c Release -r $Rid --no-self-contained -p:PublishReadyToRun=true -o artifacts --nologo -v q
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}

# Kept once copied, so that what is written is there again next time.
function Copy-Disk {
    if (-not (Test-Path artifacts/fs.img)) { Copy-Item xv6-guest-image/image/fs.img artifacts/ }
}

switch ($Verb) {
    "build" { Invoke-Build }
    "qemu" {
        Invoke-Build
        Copy-Disk
        & $Program @($QemuOpts -split " ") @QemuExtra
    }
    "qemu-gdb" {
        Invoke-Build
        Copy-Disk
        [Console]::Error.WriteLine("*** Now type in another window, in this folder:")
        [Console]::Error.WriteLine("*** gdb-multiarch -d xv6-guest-image -ex 'target remote localhost:$GdbPort' xv6-guest-image/image/kernel.elf")
        & $Program @($QemuOpts -split " ") -S -gdb "tcp::$GdbPort" @QemuExtra
    }
    "print-gdbport" { Write-Output $GdbPort }
    "guest" {
        Invoke-Build
        make -C xv6-guest-image install RISCVXV6=$PSScriptRoot/$Program
    }
    "guest-test" {
        Invoke-Build
        & $Program test @((Get-ChildItem xv6-guest-image/tests/*.yaml).FullName) @GuestTest
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
        [Console]::Error.WriteLine("build.ps1: no verb '$Verb'; there are build, qemu, qemu-gdb, print-gdbport, guest, guest-test, test, test-long, bench, bench-report, clean, help")
        exit 2
    }
}
exit $LASTEXITCODE
