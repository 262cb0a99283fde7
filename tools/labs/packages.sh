# Installs Debian packages without starting, stopping or enabling any service. Sourced by tools/lab and tools/test.

LAB_PACKAGES="frr gobgpd bird2 openbgpd exabgp tshark python3-scapy udhcpc isc-dhcp-client iperf3 libsqlite3-0 sqlite3 nftables iproute2 iputils-ping
tcpdump ethtool procps util-linux bgpdump clang libbpf-dev libbpf1 linux-libc-dev kcat librdkafka1"

policy=/usr/sbin/policy-rc.d
policy_mark='# Written by tools/lab while it installs packages.'

# Debian's invoke-rc.d asks this file before every start, stop or restart; 101 forbids all of them. A file of the machine's own stays as it is.
forbid_service_actions() {
    if [ -e "$policy" ] && ! grep -qF "$policy_mark" "$policy"; then
        return
    fi
    trap allow_service_actions EXIT
    trap 'exit 130' INT TERM HUP
    printf '#!/bin/sh\n%s\nexit 101\n' "$policy_mark" >"$policy"
    chmod 755 "$policy"
}

allow_service_actions() {
    if grep -qsF "$policy_mark" "$policy"; then
        rm -f "$policy"
    fi
}

missing_packages() {
    local package
    for package in $LAB_PACKAGES; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$' || echo "$package"
    done
}

# A new service would start at the next boot.
disable_services_of() {
    local package unit
    command -v systemctl >/dev/null || return 0
    for package in "$@"; do
        dpkg -L "$package" 2>/dev/null | sed -n 's|.*/systemd/system/\([^/@]*\.service\)$|\1|p' | while read -r unit; do
            systemctl --quiet disable "$unit" 2>/dev/null || true
        done
    done
}

install_missing_packages() (
    missing=$(missing_packages)
    [ -n "$missing" ] || exit 0
    command -v apt-get >/dev/null || {
        echo "tools/lab: this is no Debian machine; install by hand:" $missing >&2
        exit 1
    }
    echo "installing" $missing
    log=$(mktemp)
    export DEBIAN_FRONTEND=noninteractive
    forbid_service_actions
    # The lists of a fresh machine are empty; old ones still do if the index cannot be had.
    apt-get update -qq >"$log" 2>&1 || true
    if ! apt-get install -y -qq --no-install-recommends --no-upgrade $missing >>"$log" 2>&1; then
        echo "tools/lab: the packages cannot be installed:" >&2
        tail -n 20 "$log" >&2
        rm -f "$log"
        exit 1
    fi
    rm -f "$log"
    disable_services_of $missing
)
