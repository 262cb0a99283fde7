/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A checksum that a machine left to its device: ChecksumOffload of Fabric.Datapath. Where a later device writes it is the machine's to say, and no
 * field of __sk_buff tells. Two helpers behave otherwise for such a packet (CHECKSUM_PARTIAL): bpf_l4_csum_replace leaves the word alone
 * that it would change, and bpf_skb_change_tail refuses to cut off what is to be written.
 */
#pragma once

#include "parse.h"

#define CHECKSUM_SIZE 2
#define TCP_CHECKSUM_OFFSET 16
#define UDP_CHECKSUM_OFFSET 6
#define ICMP_CHECKSUM_OFFSET 2
#define SCTP_CHECKSUM_OFFSET 8
#define TAIL_REFUSED (-22) /* EINVAL */

/*
 * The word that is tried is the first of the virtual router's address, two zeroes, which the frame is sent to; it is put back. Pointers into the
 * packet are void afterwards.
 */
static __always_inline bool is_partial(struct __sk_buff *skb)
{
    if (bpf_l4_csum_replace(skb, 0, 0, 1, sizeof(__be16)))
        return true;
    __be16 *word = PACKET_AT(skb, 0);
    if (!FITS(word, sizeof(*word), PACKET_END(skb)) || !*word)
        return true;
    *word = 0;
    return false;
}

static __always_inline __u32 end_of_checksum(__u8 protocol)
{
    __u32 transport = ETHERNET_SIZE + IPV4_SIZE + CHECKSUM_SIZE;
    switch (protocol) {
    case PROTOCOL_TCP:
        return transport + TCP_CHECKSUM_OFFSET;
    case PROTOCOL_UDP:
        return transport + UDP_CHECKSUM_OFFSET;
    case PROTOCOL_ICMP:
        return transport + ICMP_CHECKSUM_OFFSET;
    case PROTOCOL_SCTP:
        return transport + SCTP_CHECKSUM_OFFSET;
    default:
        return transport;
    }
}

/*
 * Whether nothing before the checksum of the packet's transport header will be written over. A packet that fails is cut, and must be dropped. What
 * C# refuses besides, other words behind that one and sums over too much, breaks no more than the sender's own checksum.
 * Of a large packet the kernel has checked the place when it took it from the machine, and to ask would cost a fifth of four streams' throughput. Only of
 * datagrams for fragments (VIRTIO_NET_HDR_GSO_UDP) it has not: these it cuts itself, and writes the checksum where their header has it.
 */
static __always_inline bool has_checksum_behind_ports(struct __sk_buff *skb, const struct packet *packet)
{
    return skb->gso_size || !is_partial(skb) || bpf_skb_change_tail(skb, end_of_checksum(packet->key.protocol) - 1, 0) == TAIL_REFUSED;
}
