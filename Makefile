# Thin: every verb is one dotnet command or two. build.ps1 has the same verbs; a test compares them.

DOTNET ?= dotnet
RID ?= $(shell $(DOTNET) --info | sed -n 's/^ *RID: *//p')
PROGRAM := artifacts/riscvxv6
SOURCES := $(shell find Emulator Devices Guest -name bin -prune -o -name obj -prune -o -type f -print) \
	$(wildcard Directory.*.props global.json)

# As in xv6's Makefile: `make qemu CPUS=1 NETDEV=user,hostfwd=tcp::5555-:5556 QEMUEXTRA=…`. No port of the host is taken unless asked for.
CPUS ?= 3
NETDEV ?= user
NIC ?= e1000
QEMUOPTS = -machine virt -bios none -kernel xv6-guest-image/image/kernel.elf -m 128M -smp $(CPUS) -nographic
QEMUOPTS += -global virtio-mmio.force-legacy=false
QEMUOPTS += -drive file=artifacts/fs.img,if=none,format=raw,id=x0
QEMUOPTS += -device virtio-blk-device,drive=x0,bus=virtio-mmio-bus.0
QEMUOPTS += -netdev $(NETDEV),id=net0
QEMUOPTS += -device $(NIC),netdev=net0,bus=pcie.0

# A port of one's own, as in xv6's Makefile.
GDBPORT ?= $(shell expr `id -u` % 5000 + 25000)

.PHONY: build qemu qemu-gdb print-gdbport guest guest-test test test-long bench bench-report clean help

build: $(PROGRAM)

$(PROGRAM): $(SOURCES)
	$(DOTNET) publish Emulator -c Release -r $(RID) --no-self-contained -p:PublishReadyToRun=true -o artifacts --nologo -v q
	@touch $@

qemu: $(PROGRAM) artifacts/fs.img
	$(PROGRAM) $(QEMUOPTS) $(QEMUEXTRA)

# Halted before its first instruction, until gdb says "continue".
qemu-gdb: $(PROGRAM) artifacts/fs.img
	@echo "*** Now type in another window, in this folder:" 1>&2
	@echo "*** gdb-multiarch -d xv6-guest-image -ex 'target remote localhost:$(GDBPORT)' xv6-guest-image/image/kernel.elf" 1>&2
	$(PROGRAM) $(QEMUOPTS) -S -gdb tcp::$(GDBPORT) $(QEMUEXTRA)

print-gdbport:
	@echo $(GDBPORT)

# A copy, so that what is written is there again next time and the committed image stays as it is.
artifacts/fs.img: xv6-guest-image/image/fs.img
	@mkdir -p artifacts
	cp $< $@

# From source, with gcc-riscv64-unknown-elf; the same compiler gives the same bytes.
guest: $(PROGRAM)
	$(MAKE) -C xv6-guest-image install RISCVXV6=$(abspath $(PROGRAM))

# Our guest's own scripts; GUESTTEST="--only boot*" or what else `help test` says.
guest-test: $(PROGRAM)
	$(PROGRAM) test xv6-guest-image/tests/*.yaml $(GUESTTEST)

test:
	$(DOTNET) test Tests -c Release --nologo --filter TestCategory!=LongRunning

test-long:
	$(DOTNET) test Tests -c Release --nologo --filter TestCategory=LongRunning

# BENCH="--help" says what else it can do.
bench: $(PROGRAM)
	$(DOTNET) run --project Benchmarks -c Release -- $(BENCH)

# Packets in guest time: the tables and the picture in docs/performance.md.
bench-report:
	$(DOTNET) run --project Benchmarks -c Release -- --packet-report

clean:
	$(DOTNET) clean --nologo -v q
	rm -rf artifacts

help:
	@echo "make            build artifacts/riscvxv6"
	@echo "make qemu       boot xv6 (CPUS=3 NETDEV=user,… NIC=e1000,… QEMUEXTRA=…)"
	@echo "make qemu-gdb   boot it halted, with a port for gdb (GDBPORT=$(GDBPORT), as above)"
	@echo "make print-gdbport  print that port"
	@echo "make guest      build xv6 from source"
	@echo "make guest-test run our xv6's test scripts (GUESTTEST=--only=boot…)"
	@echo "make test       run the tests, but for the long ones"
	@echo "make test-long  run the long tests"
	@echo "make bench-report  measure packets in guest time for docs/performance.md"
	@echo "make bench      compare the speed with QEMU's (BENCH=…)"
	@echo "make clean      remove what was built"
