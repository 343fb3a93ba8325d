#!/usr/bin/env bash
# Fetches what Tests/RealGuests boots as Linux: Debian trixie's kernel for riscv64, three of its modules, busybox, and
# ethtool with the libraries that it loads.
# usage: fetch-linux.sh [--again]
#
# The files go to $RISCVXV6_GUESTS (default: riscvxv6-guests in the user's cache folder), in the subfolder linux; some
# 120 MB are downloaded once, from the mirror that this system's own apt uses, with apt's own checks of signatures. The
# system's package lists stay untouched. Needs a Debian whose keyring knows trixie, and xz.
set -euo pipefail

SUITE=trixie
GUESTS=${RISCVXV6_GUESTS:-${XDG_CACHE_HOME:-$HOME/.cache}/riscvxv6-guests}
MODULES=(virtio_mmio.ko virtio_blk.ko e1000.ko)
LIBRARIES=(ld-linux-riscv64-lp64d.so.1 libc.so.6 libm.so.6 libmnl.so.0)
FILES=(Image version busybox ethtool "${MODULES[@]}" "${LIBRARIES[@]}")

die() {
    echo "fetch-linux: $*" >&2
    exit 1
}

complete() {
    local file
    for file in "${FILES[@]}"; do
        [ -s "$GUESTS/linux/$file" ] || return 1
    done
}

if [ "${1:-}" != --again ] && complete; then
    echo "fetch-linux: $GUESTS/linux has $(cat "$GUESTS/linux/version") already"
    exit 0
fi

for tool in apt-get dpkg-deb xz; do
    command -v "$tool" >/dev/null || die "needs $tool"
done

# The mirror of Debian's main archive among this system's sources, as apt itself understands them.
mirror=$(apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(COMPONENT)|$(REPO_URI)' 'Created-By: Packages' |
    awk -F '|' '$1 == "Debian" && $2 == "Debian" && $3 == "main" { print $4; exit }')
[ -n "$mirror" ] || die "this system's apt has no Debian main archive; run apt-get update, or copy the files from another machine"
for keyring in /usr/share/keyrings/debian-archive-keyring.{pgp,gpg} ""; do
    [ -s "$keyring" ] && break
done
[ -n "$keyring" ] || die "needs Debian's archive keys: apt-get install debian-archive-keyring"

mkdir -p "$GUESTS"
work=$(mktemp -d "$GUESTS/fetching.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/{lists/partial,cache/archives/partial,debs,linux.new}
echo "deb [arch=riscv64 signed-by=$keyring] $mirror $SUITE main" >"$work/sources.list"
: >"$work/status"
options=(
    -o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts=-
    -o Dir::State::lists="$work/lists" -o Dir::State::status="$work/status" -o Dir::Cache="$work/cache"
    -o APT::Architecture=riscv64 -o APT::Architectures=riscv64 -o APT::Sandbox::User=root
    -o Acquire::Languages=none -o Acquire::Retries=3
)

apt-get "${options[@]}" -qq update
kernel=$(apt-cache "${options[@]}" depends linux-image-riscv64 | awk '$1 == "Depends:" && $2 ~ /^linux-image-/ { print $2; exit }')
[ -n "$kernel" ] || die "$SUITE has no linux-image-riscv64 for riscv64 at $mirror"
packages=("$kernel" busybox-static ethtool libc6 libmnl0)
echo "fetch-linux: ${packages[*]} from $mirror"
(cd "$work/debs" && apt-get "${options[@]}" -qq download "${packages[@]}")

# Copies the files whose names match from a package.
extract() { # PACKAGE PATTERN...
    dpkg-deb --fsys-tarfile "$work/debs/$1"_*.deb | tar -x -C "$work" --transform 's,.*/,,' --wildcards "${@:2}"
}

packed=("${MODULES[@]/%/.xz}")
extract "$kernel" './boot/vmlinu[xz]-*' "${packed[@]/#/*/}"
extract busybox-static './usr/bin/busybox'
extract ethtool './usr/sbin/ethtool'
extract libc6 '*/riscv64-linux-gnu/ld-linux-riscv64-lp64d.so.1' '*/libc.so.6' '*/libm.so.6'
extract libmnl0 '*/libmnl.so.0.*'
(cd "$work" && xz -d "${packed[@]}")

new="$work/linux.new"
mv "$work"/vmlinu[xz]-* "$new/Image"
mv "$work"/libmnl.so.0.* "$new/libmnl.so.0"
for file in "${FILES[@]}"; do
    [ ! -e "$work/$file" ] || mv "$work/$file" "$new"
done
(cd "$work/debs" && echo *.deb) >"$new/version"
rm -rf "$GUESTS/linux"
mv "$new" "$GUESTS/linux"
complete || die "the packages are not laid out as they were: $(ls "$GUESTS/linux")"
echo "fetch-linux: $GUESTS/linux has $(cat "$GUESTS/linux/version")"
