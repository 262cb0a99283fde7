/* SPDX-License-Identifier: Apache-2.0 */
/* Sizes and numbers of the headers that the programs read and write. */
#pragma once

#include <linux/bpf.h>
#include <stdbool.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define ETHERNET_SIZE 14
#define ETHERNET_TYPE_OFFSET 12
#define IPV4_SIZE 20
#define TCP_SIZE 20
#define UDP_SIZE 8
#define ICMP_SIZE 8
#define SCTP_SIZE 12
#define GRE_SIZE 4
#define MPLS_SIZE 4

#define ETHERTYPE_IPV4 0x0800
#define ETHERTYPE_ARP 0x0806
#define ETHERTYPE_IPV6 0x86DD
#define ETHERTYPE_MPLS 0x8847

#define PROTOCOL_ICMP 1
#define PROTOCOL_TCP 6
#define PROTOCOL_UDP 17
#define PROTOCOL_GRE 47
#define PROTOCOL_SCTP 132

#define PORT_DHCP_SERVER 67
#define PORT_DHCP_CLIENT 68
#define PORT_MPLS_OVER_UDP 6635 /* RFC 7510 section 3 */

#define IPV4_DONT_FRAGMENT 0x4000
#define IPV4_FRAGMENT_MASK 0x3FFF /* more fragments, offset */
#define IPV4_OFFSET_MASK 0x1FFF
#define IPV4_MAX_LENGTH 0xFFFF

#define ICMP_ECHO_REPLY 0
#define ICMP_ECHO 8

#define TCP_FLAG_FIN 0x01
#define TCP_FLAG_SYN 0x02
#define TCP_FLAG_RESET 0x04
#define TCP_FLAG_ACKNOWLEDGMENT 0x10

struct ethernet_header {
    __u8 destination[6];
    __u8 source[6];
    __be16 type;
} __attribute__((packed));

struct ipv4_header {
    __u8 version_and_length;
    __u8 type_of_service;
    __be16 total_length;
    __be16 identification;
    __be16 flags_and_offset;
    __u8 time_to_live;
    __u8 protocol;
    __be16 checksum;
    __be32 source;
    __be32 destination;
} __attribute__((packed));

struct tcp_header {
    __be16 source_port;
    __be16 destination_port;
    __be32 sequence;
    __be32 acknowledgment;
    __u8 offset; /* words in the high four bits */
    __u8 flags;
    __be16 window;
    __be16 checksum;
    __be16 urgent;
} __attribute__((packed));

struct udp_header {
    __be16 source_port;
    __be16 destination_port;
    __be16 length;
    __be16 checksum;
} __attribute__((packed));

struct icmp_header {
    __u8 type;
    __u8 code;
    __be16 checksum;
    __be16 identifier;
    __be16 sequence;
} __attribute__((packed));

struct gre_header {
    __be16 flags;
    __be16 protocol;
} __attribute__((packed));

/* The virtual router's address towards VMs (RFC 5798 section 7.3, router 0), as two words of the frame. */
#define VIRTUAL_ROUTER_MAC {0x00, 0x00, 0x5E, 0x00, 0x01, 0x00}

#define PACKET_AT(skb, offset) ((void *)(long)(skb)->data + (offset))
#define PACKET_END(skb) ((void *)(long)(skb)->data_end)

/* Whether `size` bytes at `at` may be read; the verifier learns it from the same comparison. */
#define FITS(at, size, end) ((void *)(at) + (size) <= (void *)(end))
