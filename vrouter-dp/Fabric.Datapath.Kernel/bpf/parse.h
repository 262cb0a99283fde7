/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads a tenant's IPv4 packet up to its ports, with the checks of PacketParser in their order. What a check says is a number: 0 go on,
 * above 0 a drop_reason, below 0 a packet that goes up.
 */
#pragma once

#include "drop_reason.h"
#include "headers.h"
#include "layout.h"

#define GO_ON 0
#define GO_UP(cause) (-1 - (int)(cause))
#define CAUSE_OF(check) ((__u32)(-1 - (check)))

/* The IPv4 header and a TCP header: what is looked at in place. */
#define LOOKED_AT (IPV4_SIZE + TCP_SIZE)

struct packet {
    struct flow_key key __attribute__((aligned(8)));
    __u16 total_length;
    __u8 time_to_live;
    __u8 tcp_flags;
    __u8 tcp_header_length;
    __u8 tcp_scale;          /* of a SYN */
    __u16 tcp_window;
    __u16 segment_size;      /* that a SYN announces */
    __u8 segment_size_at;    /* where in the segment; 0: nowhere */
    __u32 tcp_sequence;
    __u32 tcp_acknowledgment;
};

/*
 * Makes the first bytes of a packet, as far as it has them, readable in place; they nearly always are. A large packet is pulled as a whole:
 * kernels before 6.16 crash on one whose list of fragments was pulled in part, when they cut it (projectcalico/calico issue 11424). Pointers
 * into the packet are void afterwards.
 */
static __always_inline int make_readable(struct __sk_buff *skb, __u32 bytes)
{
    if (bytes > skb->len)
        bytes = skb->len;
    if (FITS(PACKET_AT(skb, 0), bytes, PACKET_END(skb)))
        return 0;
    return bpf_skb_pull_data(skb, skb->gso_size ? skb->len : bytes);
}

static __always_inline __u32 sum_of_words(const void *words, __u32 count)
{
    const __be16 *word = words;
    __u32 sum = 0;
#pragma unroll
    for (__u32 i = 0; i < count; i++)
        sum += word[i];
    return sum;
}

static __always_inline __u16 fold(__u32 sum)
{
    sum = (sum & 0xFFFF) + (sum >> 16);
    return (sum & 0xFFFF) + (sum >> 16);
}

/* RFC 1624 section 3, equation 3, in network order. */
static __always_inline __be16 update_checksum(__be16 checksum, __be16 old_word, __be16 new_word)
{
    return ~fold((__u16)~checksum + (__u16)~old_word + new_word);
}

static __always_inline bool has_valid_checksum(const struct ipv4_header *ipv4)
{
    return fold(sum_of_words(ipv4, IPV4_SIZE / 2)) == 0xFFFF;
}

static __always_inline int parse_tcp(const struct tcp_header *tcp, void *end, __u32 length, struct packet *packet)
{
    if (length < TCP_SIZE)
        return DROP_INVALID_TRANSPORT_HEADER;
    if (!FITS(tcp, TCP_SIZE, end))
        return GO_UP(PUNT_EXCEPTION);
    packet->tcp_header_length = (tcp->offset >> 4) * 4;
    if (packet->tcp_header_length < TCP_SIZE || packet->tcp_header_length > length)
        return DROP_INVALID_TRANSPORT_HEADER;
    packet->key.source_port = bpf_ntohs(tcp->source_port);
    packet->key.destination_port = bpf_ntohs(tcp->destination_port);
    packet->tcp_flags = tcp->flags;
    packet->tcp_window = bpf_ntohs(tcp->window);
    packet->tcp_sequence = bpf_ntohl(tcp->sequence);
    packet->tcp_acknowledgment = bpf_ntohl(tcp->acknowledgment);
    return GO_ON;
}

static __always_inline int parse_udp(const struct udp_header *udp, void *end, __u32 length, struct packet *packet)
{
    if (length < UDP_SIZE)
        return DROP_INVALID_TRANSPORT_HEADER;
    if (!FITS(udp, UDP_SIZE, end))
        return GO_UP(PUNT_EXCEPTION);
    __u16 udp_length = bpf_ntohs(udp->length);
    if (udp_length < UDP_SIZE || udp_length > length)
        return DROP_INVALID_TRANSPORT_HEADER;
    packet->key.source_port = bpf_ntohs(udp->source_port);
    packet->key.destination_port = bpf_ntohs(udp->destination_port);
    return GO_ON;
}

/* An echo's flow has its identifier as source port; what is neither echo nor reply is rare, or quotes a packet of another flow. */
static __always_inline int parse_icmp(const struct icmp_header *icmp, void *end, __u32 length, struct packet *packet)
{
    if (length < ICMP_SIZE)
        return DROP_INVALID_TRANSPORT_HEADER;
    if (!FITS(icmp, ICMP_SIZE, end) || (icmp->type != ICMP_ECHO && icmp->type != ICMP_ECHO_REPLY))
        return GO_UP(PUNT_EXCEPTION);
    packet->key.source_port = bpf_ntohs(icmp->identifier);
    return GO_ON;
}

static __always_inline int parse_sctp(const struct udp_header *ports, void *end, __u32 length, struct packet *packet)
{
    if (length < SCTP_SIZE)
        return DROP_INVALID_TRANSPORT_HEADER;
    if (!FITS(ports, UDP_SIZE, end))
        return GO_UP(PUNT_EXCEPTION);
    packet->key.source_port = bpf_ntohs(ports->source_port);
    packet->key.destination_port = bpf_ntohs(ports->destination_port);
    return GO_ON;
}

static __always_inline int parse_transport(const void *transport, void *end, __u32 length, struct packet *packet)
{
    switch (packet->key.protocol) {
    case PROTOCOL_TCP:
        return parse_tcp(transport, end, length, packet);
    case PROTOCOL_UDP:
        return parse_udp(transport, end, length, packet);
    case PROTOCOL_ICMP:
        return parse_icmp(transport, end, length, packet);
    case PROTOCOL_SCTP:
        return parse_sctp(transport, end, length, packet);
    default:
        return GO_ON;
    }
}

/* `length` bytes of the frame from the header at `ipv4` on are the packet's and its padding. */
static __always_inline int parse_ipv4(const struct ipv4_header *ipv4, void *end, __u32 length, struct packet *packet)
{
    if (length < IPV4_SIZE)
        return DROP_INVALID_IPV4_HEADER;
    if (!FITS(ipv4, IPV4_SIZE, end))
        return GO_UP(PUNT_EXCEPTION);
    __u32 header_length = (ipv4->version_and_length & 0xF) * 4;
    packet->total_length = bpf_ntohs(ipv4->total_length);
    if (ipv4->version_and_length >> 4 != 4 || header_length < IPV4_SIZE || packet->total_length < header_length ||
        packet->total_length > length)
        return DROP_INVALID_IPV4_HEADER;
    if (header_length > IPV4_SIZE)
        return GO_UP(PUNT_EXCEPTION);
    if (!has_valid_checksum(ipv4))
        return DROP_INVALID_IPV4_CHECKSUM;
    if (ipv4->flags_and_offset & bpf_htons(IPV4_FRAGMENT_MASK))
        return GO_UP(PUNT_EXCEPTION);
    packet->time_to_live = ipv4->time_to_live;
    packet->key.protocol = ipv4->protocol;
    packet->key.source = bpf_ntohl(ipv4->source);
    packet->key.destination = bpf_ntohl(ipv4->destination);
    return parse_transport(ipv4 + 1, end, packet->total_length - IPV4_SIZE, packet);
}

/* Multicast, class E, loopback and "this network" (RFC 1122 section 3.2.1.3). */
static __always_inline bool is_of_no_machine(__u32 address)
{
    __u32 first = address >> 24;
    return first >= 0xE0 || first == 0 || first == 127;
}

static __always_inline int check_destination(__u32 address)
{
    return address == 0xFFFFFFFF       ? DROP_BROADCAST
        : address >> 28 == 0xE         ? DROP_MULTICAST
        : is_of_no_machine(address)    ? DROP_INVALID_DESTINATION
                                       : GO_ON;
}
