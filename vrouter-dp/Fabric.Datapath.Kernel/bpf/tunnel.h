/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The headers of a tunnel: MPLS over GRE (RFC 4023), or over UDP (RFC 7510).
 *
 *     IPv4 20 | GRE 4 | MPLS 4 | packet          IPv4 20 | UDP 8 | MPLS 4 | packet
 */
#pragma once

#include "headers.h"

#define GRE_OVERHEAD (IPV4_SIZE + GRE_SIZE + MPLS_SIZE)
#define UDP_OVERHEAD (IPV4_SIZE + UDP_SIZE + MPLS_SIZE)

#define MPLS_BOTTOM_OF_STACK 0x100
#define MPLS_LABEL(word) ((word) >> 12)
#define MPLS_TIME_TO_LIVE(word) ((word) & 0xFF)

struct gre_tunnel {
    struct ipv4_header ipv4;
    struct gre_header gre;
    __be32 mpls;
} __attribute__((packed));

struct udp_tunnel {
    struct ipv4_header ipv4;
    struct udp_header udp;
    __be32 mpls;
} __attribute__((packed));
