/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which of fabric-dp's workers a packet goes up to: the same for both directions of a connection, so that its packets stay in order, and the
 * same for all fragments of a packet, of which only the first has ports.
 */
#pragma once

#include "headers.h"
#include "maps.h"

#define GRE_HAS_CHECKSUM 0x8000
#define GRE_HAS_KEY 0x2000
#define GRE_HAS_SEQUENCE 0x1000
#define GRE_FIELD 4

static __always_inline __u32 gre_length(__be16 flags)
{
    return GRE_SIZE + (flags & bpf_htons(GRE_HAS_CHECKSUM) ? GRE_FIELD : 0) + (flags & bpf_htons(GRE_HAS_KEY) ? GRE_FIELD : 0) +
        (flags & bpf_htons(GRE_HAS_SEQUENCE) ? GRE_FIELD : 0);
}

/* Where the packet inside a tunnel begins, whatever its outer headers have. */
static __always_inline __u32 inner_offset(struct __sk_buff *skb)
{
    struct ipv4_header outer = {};
    __be16 flags = 0;
    bpf_skb_load_bytes(skb, ETHERNET_SIZE, &outer, sizeof(outer));
    __u32 offset = ETHERNET_SIZE + (outer.version_and_length & 0xF) * 4;
    if (outer.protocol == PROTOCOL_UDP)
        return offset + UDP_SIZE + MPLS_SIZE;
    bpf_skb_load_bytes(skb, offset, &flags, sizeof(flags));
    return offset + gre_length(flags) + MPLS_SIZE;
}

static __always_inline bool is_uplink(__u32 device_number)
{
    struct device_slot *device = bpf_map_lookup_elem(&devices, &device_number);
    return device && device->role == DEVICE_UPLINK;
}

static __always_inline bool has_ports(const struct ipv4_header *ipv4)
{
    return !(ipv4->flags_and_offset & bpf_htons(IPV4_FRAGMENT_MASK)) &&
        (ipv4->protocol == PROTOCOL_TCP || ipv4->protocol == PROTOCOL_UDP || ipv4->protocol == PROTOCOL_SCTP);
}

/* The seed keeps machines from choosing whose processor they use. */
static __always_inline __u64 mix_end(__be32 address, __be16 port, __u64 seed)
{
    __u64 mixed = (((__u64)port << 32 | address) ^ seed) * 0x9E3779B97F4A7C15ull;
    return (mixed ^ mixed >> 32) * 0xD6E8FEB86659FD93ull;
}

static __noinline __u32 worker_of(struct __sk_buff *skb, const struct host_slot *settings)
{
    struct ipv4_header ipv4;
    __be16 ports[2] = {};
    if (!settings || settings->workers < 2 || skb->protocol != bpf_htons(ETHERTYPE_IPV4))
        return 0;
    __u32 offset = is_uplink(skb->ifindex) ? inner_offset(skb) : ETHERNET_SIZE;
    if (bpf_skb_load_bytes(skb, offset, &ipv4, sizeof(ipv4)))
        return 0;
    if (has_ports(&ipv4))
        bpf_skb_load_bytes(skb, offset + (ipv4.version_and_length & 0xF) * 4, ports, sizeof(ports));
    __u64 sum = mix_end(ipv4.source, ports[0], settings->seed) + mix_end(ipv4.destination, ports[1], settings->seed);
    return (sum >> 32) * settings->workers >> 32;
}
