/* SPDX-License-Identifier: Apache-2.0 */
/* Sends a packet through a tunnel. */
#pragma once

#include <linux/bpf.h>

#include "deliver.h"
#include "flow.h"
#include "tunnel.h"

#define OUTER_TIME_TO_LIVE 64
#define ADDRESS_FAMILY_IPV4 2
#define SMALLEST_SEGMENT 8  /* TCP_MIN_GSO_SIZE */
#define MOST_DATAGRAMS 128u /* UDP_MAX_SEGMENTS */

/* The dynamic range (RFC 7510 section 3); the flow index takes the low bits of the hash. */
#define UDP_SOURCE_PORT(hash) (0xC000 | (hash) >> 18)

/*
 * The label counts as an inner link header of four bytes: so a device without MPLS segmentation cuts a large packet right, which it would
 * not if the bytes were just put before it.
 */
#define GROW_FLAGS(transport)                                                                                                          \
    (BPF_F_ADJ_ROOM_FIXED_GSO | BPF_F_ADJ_ROOM_ENCAP_L3_IPV4 | (transport) | BPF_F_ADJ_ROOM_ENCAP_L2(MPLS_SIZE))

struct tunnel {
    __u32 source;
    __u32 destination;
    __u32 label;
    __u32 device;
    __be32 neighbour;
    __u32 overhead;
    bool over_udp;
};

/* What the tunnel needs is known; else C# says what is wrong. */
static __always_inline bool find_tunnel(const struct ruling *ruling, const struct host_slot *settings, struct tunnel *tunnel)
{
    __u8 kind = TARGET_TUNNEL(ruling->target);
    tunnel->source = settings->tunnel_source;
    tunnel->destination = TARGET_NUMBER(ruling->target);
    tunnel->label = VERDICT_LABEL(ruling->verdict);
    tunnel->device = ruling->underlay >> 32;
    tunnel->neighbour = ruling->underlay;
    tunnel->over_udp = kind == MPLS_OVER_UDP;
    tunnel->overhead = tunnel->over_udp ? UDP_OVERHEAD : GRE_OVERHEAD;
    return kind <= MPLS_OVER_UDP && tunnel->source && tunnel->label && tunnel->device;
}

/* A large packet is cut into no more than Linux would cut one of its own into, or one packet costs as tens of thousands: Segmenter. */
static __always_inline bool has_few_segments(const struct __sk_buff *skb, const struct packet *packet)
{
    return packet->key.protocol == PROTOCOL_UDP ? packet->total_length - IPV4_SIZE - UDP_SIZE <= MOST_DATAGRAMS * skb->gso_size
                                                : skb->gso_size >= SMALLEST_SEGMENT;
}

/* The largest packet that leaves, once a large one is cut into segments; 0 when it cannot be known, or is for C# to refuse. */
static __always_inline __u32 largest_packet(const struct __sk_buff *skb, const struct packet *packet)
{
    return !skb->gso_size                            ? packet->total_length
        : !has_few_segments(skb, packet)             ? 0
        : packet->key.protocol == PROTOCOL_TCP       ? IPV4_SIZE + packet->tcp_header_length + skb->gso_size
        : packet->key.protocol == PROTOCOL_UDP       ? IPV4_SIZE + UDP_SIZE + skb->gso_size
                                                     : 0;
}

static __always_inline bool fits_underlay(const struct __sk_buff *skb, const struct packet *packet, const struct tunnel *tunnel,
                                          const struct host_slot *settings)
{
    __u32 largest = largest_packet(skb, packet);
    return largest && largest + tunnel->overhead <= settings->underlay_mtu &&
        packet->total_length + tunnel->overhead <= IPV4_MAX_LENGTH;
}

/* The identification stays 0: a packet with DF needs none (RFC 6864 section 4.1). */
static __always_inline void write_outer_ipv4(struct ipv4_header *ipv4, const struct tunnel *tunnel, __u32 length)
{
    struct ipv4_header header = {
        .version_and_length = 0x45,
        .total_length = bpf_htons(length),
        .flags_and_offset = bpf_htons(IPV4_DONT_FRAGMENT),
        .time_to_live = OUTER_TIME_TO_LIVE,
        .protocol = tunnel->over_udp ? PROTOCOL_UDP : PROTOCOL_GRE,
        .source = bpf_htonl(tunnel->source),
        .destination = bpf_htonl(tunnel->destination),
    };
    header.checksum = ~fold(sum_of_words(&header, IPV4_SIZE / 2));
    *ipv4 = header;
}

static __always_inline __be32 label_entry(__u32 label, __u8 time_to_live)
{
    return bpf_htonl(label << 12 | MPLS_BOTTOM_OF_STACK | time_to_live);
}

/* Grows the packet behind its Ethernet header and writes the outer headers. On failure the packet is as it was. */
static __always_inline bool put_into_gre(struct __sk_buff *skb, const struct tunnel *tunnel, const struct packet *packet)
{
    if (bpf_skb_adjust_room(skb, GRE_OVERHEAD, BPF_ADJ_ROOM_MAC, GROW_FLAGS(BPF_F_ADJ_ROOM_ENCAP_L4_GRE)))
        return false;
    struct gre_tunnel *outer = PACKET_AT(skb, ETHERNET_SIZE);
    struct ipv4_header *inner = (void *)(outer + 1);
    if (!FITS(inner, IPV4_SIZE, PACKET_END(skb)))
        return false;
    decrement_time_to_live(inner);
    write_outer_ipv4(&outer->ipv4, tunnel, packet->total_length + GRE_OVERHEAD);
    outer->gre = (struct gre_header){ .protocol = bpf_htons(ETHERTYPE_MPLS) };
    outer->mpls = label_entry(tunnel->label, inner->time_to_live);
    return true;
}

static __always_inline bool put_into_udp(struct __sk_buff *skb, const struct tunnel *tunnel, const struct packet *packet, __u16 source_port)
{
    if (bpf_skb_adjust_room(skb, UDP_OVERHEAD, BPF_ADJ_ROOM_MAC, GROW_FLAGS(BPF_F_ADJ_ROOM_ENCAP_L4_UDP)))
        return false;
    struct udp_tunnel *outer = PACKET_AT(skb, ETHERNET_SIZE);
    struct ipv4_header *inner = (void *)(outer + 1);
    if (!FITS(inner, IPV4_SIZE, PACKET_END(skb)))
        return false;
    decrement_time_to_live(inner);
    write_outer_ipv4(&outer->ipv4, tunnel, packet->total_length + UDP_OVERHEAD);
    outer->udp = (struct udp_header){
        .source_port = bpf_htons(source_port),
        .destination_port = bpf_htons(PORT_MPLS_OVER_UDP),
        .length = bpf_htons(packet->total_length + UDP_SIZE + MPLS_SIZE),
    };
    outer->mpls = label_entry(tunnel->label, inner->time_to_live);
    return true;
}

static __always_inline int send_to_underlay(struct __sk_buff *skb, const struct tunnel *tunnel)
{
    struct bpf_redir_neigh neighbour = { .nh_family = ADDRESS_FAMILY_IPV4, .ipv4_nh = tunnel->neighbour };
    report(skb, REPORT_TUNNEL, tunnel->overhead, tunnel->device, tunnel->neighbour);
    return bpf_redirect_neigh(tunnel->device, &neighbour, sizeof(neighbour), 0);
}
