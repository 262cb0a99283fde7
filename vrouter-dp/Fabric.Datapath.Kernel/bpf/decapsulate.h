/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the headers of a tunnel: Decapsulation of Fabric.Datapath. */
#pragma once

#include "maps.h"
#include "parse.h"
#include "tunnel.h"
#include "worker.h"

#define PACKET_TO_HOST 0
#define GRE_CHECKSUM_OR_KEY 0xA000

struct outer {
    __u32 source;
    __u32 length;   /* of all outer headers */
    __u32 inner;    /* bytes of what they carry */
    __u32 vif;      /* that the label leads to; FABRIC_NO_VIF: none */
};

/*
 * A tunnel packet for this host; all else is the host's own affair. Of a datagram in fragments only the first says what port it goes to: the others
 * are the host's, which never gets it whole.
 */
static __always_inline bool is_tunnel(struct __sk_buff *skb, const struct host_slot *settings)
{
    if (skb->protocol != bpf_htons(ETHERTYPE_IPV4) || skb->pkt_type != PACKET_TO_HOST || skb->vlan_present || !settings->tunnel_source ||
        make_readable(skb, ETHERNET_SIZE + UDP_OVERHEAD + LOOKED_AT))
        return false;
    struct ipv4_header *ipv4 = PACKET_AT(skb, ETHERNET_SIZE);
    void *end = PACKET_END(skb);
    if (!FITS(ipv4, IPV4_SIZE, end) || ipv4->version_and_length >> 4 != 4 || ipv4->destination != bpf_htonl(settings->tunnel_source))
        return false;
    if (ipv4->protocol == PROTOCOL_GRE)
        return true;
    struct udp_header *udp = (void *)ipv4 + (ipv4->version_and_length & 0xF) * 4;
    return ipv4->protocol == PROTOCOL_UDP && !(ipv4->flags_and_offset & bpf_htons(IPV4_OFFSET_MASK)) && FITS(udp, UDP_SIZE, end) &&
        udp->destination_port == bpf_htons(PORT_MPLS_OVER_UDP);
}

static __always_inline int check_outer_ipv4(const struct ipv4_header *ipv4, __u32 length, struct outer *outer)
{
    __u32 header_length = (ipv4->version_and_length & 0xF) * 4;
    __u32 total_length = bpf_ntohs(ipv4->total_length);
    if (header_length < IPV4_SIZE || total_length < header_length || total_length > length)
        return DROP_INVALID_IPV4_HEADER;
    if (header_length > IPV4_SIZE)
        return GO_UP(PUNT_EXCEPTION);
    if (!has_valid_checksum(ipv4))
        return DROP_INVALID_IPV4_CHECKSUM;
    if (!ipv4->source)
        return DROP_INVALID_SOURCE;
    if (ipv4->flags_and_offset & bpf_htons(IPV4_FRAGMENT_MASK))
        return DROP_OUTER_FRAGMENT;
    outer->source = bpf_ntohl(ipv4->source);
    outer->inner = total_length - IPV4_SIZE;
    return GO_ON;
}

static __always_inline int check_gre(const struct gre_header *gre, void *end, struct outer *outer)
{
    if (outer->inner < GRE_SIZE)
        return DROP_UNSUPPORTED_GRE;
    if (!FITS(gre, GRE_SIZE, end))
        return GO_UP(PUNT_EXCEPTION);
    if (gre->flags & bpf_htons(GRE_CHECKSUM_OR_KEY))
        return GO_UP(PUNT_EXCEPTION);
    return gre->flags || gre->protocol != bpf_htons(ETHERTYPE_MPLS) ? DROP_UNSUPPORTED_GRE : GO_ON;
}

/* A checksum that is there must be right (RFC 7510 section 3.1): C# adds it up. */
static __always_inline int check_udp(const struct udp_header *udp, void *end, struct outer *outer)
{
    if (outer->inner < UDP_SIZE)
        return DROP_INVALID_UDP_TUNNEL;
    if (!FITS(udp, UDP_SIZE, end))
        return GO_UP(PUNT_EXCEPTION);
    __u16 length = bpf_ntohs(udp->length);
    if (length < UDP_SIZE || length > outer->inner)
        return DROP_INVALID_UDP_TUNNEL;
    outer->inner = length;
    return udp->checksum ? GO_UP(PUNT_EXCEPTION) : GO_ON;
}

/* One label, that of a vif of this host; which of the other labels is unknown and which leads nowhere, C# says. */
static __always_inline int check_label(const __be32 *mpls, void *end, struct outer *outer)
{
    if (outer->inner < outer->length - IPV4_SIZE)
        return DROP_INVALID_MPLS;
    if (!FITS(mpls, MPLS_SIZE, end))
        return GO_UP(PUNT_EXCEPTION);
    __u32 entry = bpf_ntohl(*mpls);
    if (!(entry & MPLS_BOTTOM_OF_STACK))
        return DROP_INVALID_MPLS;
    if (!MPLS_TIME_TO_LIVE(entry))
        return DROP_TTL_EXCEEDED;
    __u32 vif = word_at(&labels, MPLS_LABEL(entry));
    if (!vif)
        return GO_UP(PUNT_EXCEPTION);
    outer->vif = vif - 1;
    outer->inner -= outer->length - IPV4_SIZE;
    return GO_ON;
}

static __always_inline int check_tunnel(struct __sk_buff *skb, struct outer *outer)
{
    struct ipv4_header *ipv4 = PACKET_AT(skb, ETHERNET_SIZE);
    void *end = PACKET_END(skb);
    if (!FITS(ipv4, IPV4_SIZE, end))
        return GO_UP(PUNT_EXCEPTION);
    int check = check_outer_ipv4(ipv4, skb->len - ETHERNET_SIZE, outer);
    if (check != GO_ON)
        return check;
    bool over_udp = ipv4->protocol == PROTOCOL_UDP;
    check = over_udp ? check_udp((void *)(ipv4 + 1), end, outer) : check_gre((void *)(ipv4 + 1), end, outer);
    if (check != GO_ON)
        return check;
    outer->length = over_udp ? UDP_OVERHEAD : GRE_OVERHEAD;
    return check_label((void *)ipv4 + outer->length - MPLS_SIZE, end, outer);
}

/* Where the label leads of a packet whose outer headers are C#'s to read, for optional fields or a checksum; what they say has not been checked. */
static __always_inline __u32 vif_behind(struct __sk_buff *skb)
{
    __be32 mpls;
    __u32 vif = bpf_skb_load_bytes(skb, inner_offset(skb) - MPLS_SIZE, &mpls, sizeof(mpls)) ? 0 : word_at(&labels, MPLS_LABEL(bpf_ntohl(mpls)));
    return vif ? vif - 1 : FABRIC_NO_VIF;
}

/*
 * Datagrams in one large packet, whose mark of a UDP tunnel the kernel has no way to take off: where the VM's stack cuts them apart it would
 * look for the tunnel's headers, and drop them all. They are cut on their way up, while the headers are still there.
 */
static __always_inline bool is_cut_as_tunnel(const struct __sk_buff *skb, const struct outer *outer, const struct packet *packet)
{
    return skb->gso_size && outer->length == UDP_OVERHEAD && packet->key.protocol == PROTOCOL_UDP;
}
