# Fetches Debian's cloud kernel for the guests of tests, without installing it. Sourced by tools/test.

guest_kernel="$root/artifacts/guest-kernel"

fetch_guest_kernel() (
    [ -e "$guest_kernel/boot" ] && exit 0
    guest_kernel_package() {
        apt-cache depends linux-image-cloud-amd64 2>/dev/null | sed -n 's/.*Depends: \(linux-image-6\.1[^ ]*\)$/\1/p' | head -n 1
    }
    package=$(guest_kernel_package)
    [ -n "$package" ] || apt-get update -qq
    package=$(guest_kernel_package)
    [ -n "$package" ] || {
        echo "tools/test: Debian's index names no linux-image-cloud-amd64 of kernel 6.1" >&2
        exit 1
    }
    echo "fetching $package"
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    chmod 755 "$folder"
    cd "$folder"
    apt-get download -qq -o APT::Sandbox::User=root "$package"
    mkdir -p "$root/artifacts"
    dpkg-deb -x "$package"_*.deb "$folder/unpacked"
    /sbin/depmod -b "$folder/unpacked" "$(ls "$folder/unpacked/lib/modules")"
    rm -rf "$guest_kernel"
    mv "$folder/unpacked" "$guest_kernel"
)
