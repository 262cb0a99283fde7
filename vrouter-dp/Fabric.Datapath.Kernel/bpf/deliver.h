/* SPDX-License-Identifier: Apache-2.0 */
/* Hands a packet to a VM of this host: Ethernet header of the virtual router, without the padding that the frame came with. */
#pragma once

#include "counters.h"
#include "headers.h"
#include "parse.h"

static __always_inline bool can_trim(const struct __sk_buff *skb, __u32 length)
{
    return skb->len == length || (skb->len > length && !skb->gso_size);
}

/* Pointers into the packet are void afterwards. */
static __always_inline bool trim(struct __sk_buff *skb, __u32 length)
{
    return skb->len == length || bpf_skb_change_tail(skb, length, 0) == 0;
}

static __always_inline bool can_deliver(const struct vif_slot *vif)
{
    return vif && vif->device;
}

static __always_inline bool write_ethernet(struct __sk_buff *skb, const __u8 *destination)
{
    struct ethernet_header header = { .source = VIRTUAL_ROUTER_MAC, .type = bpf_htons(ETHERTYPE_IPV4) };
    struct ethernet_header *ethernet = PACKET_AT(skb, 0);
    if (!FITS(ethernet, ETHERNET_SIZE, PACKET_END(skb)))
        return false;
    __builtin_memcpy(header.destination, destination, sizeof(header.destination));
    *ethernet = header;
    return true;
}

/* One hop less, with the checksum mended. */
static __always_inline void decrement_time_to_live(struct ipv4_header *ipv4)
{
    __be16 *word = (void *)&ipv4->time_to_live;
    __be16 old = *word;
    ipv4->time_to_live--;
    ipv4->checksum = update_checksum(ipv4->checksum, old, *word);
}

static __always_inline int deliver(struct __sk_buff *skb, __u32 vif, const struct vif_slot *slot)
{
    count_sent(vif, skb->len);
    report(skb, REPORT_DELIVER, vif, slot->device, 0);
    return slot->flags & VIF_PEER ? bpf_redirect_peer(slot->device, 0) : bpf_redirect(slot->device, 0);
}
