"""An endpoint behind a gateway: answers ICMP echo that comes as MPLS over GRE (RFC 4023).

It has the label that the gateway announced for its address, and sends the answer with the label that the gateway
learnt for the asker, which it reads from FRR. The kernel can't do MPLS, so all of it is scapy's.
"""

import argparse
import functools
import json
import subprocess

from scapy.all import GRE, ICMP, IP, conf, send, sniff
from scapy.contrib.mpls import MPLS

arguments = argparse.ArgumentParser()
arguments.add_argument("--address", required=True)
arguments.add_argument("--label", type=int, required=True)
arguments.add_argument("--vty-socket", required=True)
options = arguments.parse_args()


@functools.lru_cache
def path_to(address):
    """The next hop and the label that FRR has for an address."""
    command = ["vtysh", "--vty_socket", options.vty_socket, "-d", "bgpd", "-c", f"show bgp ipv4 vpn {address}/32 json"]
    for entry in json.loads(subprocess.check_output(command)).values():
        path = entry["paths"][0]
        return path["nexthops"][0]["ip"], path["remoteLabel"]
    raise LookupError(f"no route to {address}")


def answer(packet):
    shim = packet[MPLS]
    inner = IP(bytes(shim.payload))
    if shim.label != options.label or shim.s != 1 or inner.dst != options.address or ICMP not in inner or inner[ICMP].type != 8:
        return
    next_hop, label = path_to(inner.src)
    echo = inner[ICMP]
    reply = IP(src=inner.dst, dst=inner.src, ttl=64) / ICMP(type=0, id=echo.id, seq=echo.seq) / bytes(echo.payload)
    send(IP(dst=next_hop, ttl=64) / GRE(proto=0x8847) / MPLS(label=label, s=1, ttl=64) / reply, verbose=False)


conf.verb = 0
sniff(
    iface="eth0",
    store=False,
    filter="ip proto 47 and inbound",
    lfilter=lambda packet: MPLS in packet,
    prn=answer,
    started_callback=lambda: print("ready", flush=True),
)
