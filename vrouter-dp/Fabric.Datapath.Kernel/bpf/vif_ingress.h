/* SPDX-License-Identifier: Apache-2.0 */
/* Frames that a VM sent: Pipeline.FromVif for packets of flows that have a verdict. */
#pragma once

#include "admit.h"
#include "encapsulate.h"
#include "offload.h"
#include "punt.h"
#include "stateless.h"
#include "syn_options.h"
#include "tcp.h"

struct mac_words {
    __u32 first;
    __u16 last;
} __attribute__((packed));

static __always_inline bool is_address(const __u8 *mac, struct mac_words other)
{
    const struct mac_words *words = (const void *)mac;
    return words->first == other.first && words->last == other.last;
}

static __always_inline int check_other_frame(const struct ethernet_header *ethernet, bool has_tag)
{
    const struct mac_words broadcast = { 0xFFFFFFFF, 0xFFFF };
    return ethernet->type == bpf_htons(ETHERTYPE_IPV6) && !has_tag ? DROP_IPV6
        : is_address(ethernet->destination, broadcast)              ? DROP_BROADCAST
        : ethernet->destination[0] & 1                              ? DROP_MULTICAST
                                                                    : DROP_UNSUPPORTED_ETHER_TYPE;
}

/*
 * The checks that Pipeline makes before it looks for the flow. Those that stand behind the one of the source address are not made here:
 * only C# knows all addresses of a vif, and no entry has a key that failed them.
 */
static __always_inline int check_frame(struct __sk_buff *skb, struct vif_slot *vif, struct packet *packet, bool *is_control)
{
    const struct mac_words router = { bpf_htonl(0x00005E00), bpf_htons(0x0100) };
    if (make_readable(skb, ETHERNET_SIZE + LOOKED_AT))
        return GO_UP(PUNT_EXCEPTION);
    struct ethernet_header *ethernet = PACKET_AT(skb, 0);
    void *end = PACKET_END(skb);
    if (!FITS(ethernet, ETHERNET_SIZE, end))
        return DROP_TRUNCATED_FRAME;
    if (!is_address(ethernet->source, *(const struct mac_words *)vif->mac))
        return DROP_SPOOFED_SOURCE_MAC;
    *is_control = ethernet->type == bpf_htons(ETHERTYPE_ARP) && !skb->vlan_present;
    if (*is_control)
        return GO_UP(PUNT_EXCEPTION);
    if (ethernet->type != bpf_htons(ETHERTYPE_IPV4) || skb->vlan_present)
        return check_other_frame(ethernet, skb->vlan_present);
    int check = parse_ipv4((void *)(ethernet + 1), end, skb->len - ETHERNET_SIZE, packet);
    if (check != GO_ON)
        return check;
    *is_control = packet->key.protocol == PROTOCOL_UDP && packet->key.source_port == PORT_DHCP_CLIENT &&
        packet->key.destination_port == PORT_DHCP_SERVER;
    return *is_control || !is_address(ethernet->destination, router) ? GO_UP(PUNT_EXCEPTION) : GO_ON;
}

static __always_inline int send_to_vif(struct __sk_buff *skb, struct vif_slot *sender, __u32 number, struct flow_slot *flow,
                                       const struct packet *packet)
{
    struct vif_slot *vif = vif_at(number);
    __u32 received = skb->len;
    if (!can_deliver(vif) || !trim(skb, ETHERNET_SIZE + packet->total_length) || !write_ethernet(skb, vif->mac))
        return punt(skb, sender, PUNT_EXCEPTION, false);
    struct ipv4_header *ipv4 = PACKET_AT(skb, ETHERNET_SIZE);
    count_received(flow->vif, received);
    if (!FITS(ipv4, IPV4_SIZE, PACKET_END(skb)))
        return drop(skb, number, DROP_NOT_DELIVERED);
    decrement_time_to_live(ipv4);
    count_flow(flow, packet->total_length);
    follow_tcp(flow, packet);
    count_hit();
    return deliver(skb, number, vif);
}

static __always_inline int send_to_tunnel(struct __sk_buff *skb, struct vif_slot *sender, const struct ruling *ruling, struct flow_slot *flow,
                                          const struct packet *packet, const struct host_slot *settings, __u32 hash)
{
    struct tunnel tunnel;
    __u32 received = skb->len;
    if (!find_tunnel(ruling, settings, &tunnel) || !fits_underlay(skb, packet, &tunnel, settings) ||
        !trim(skb, ETHERNET_SIZE + packet->total_length) ||
        !clamp_segment_size(skb, ETHERNET_SIZE + IPV4_SIZE, packet, settings->underlay_mtu - tunnel.overhead))
        return punt(skb, sender, PUNT_EXCEPTION, false);
    bool is_sent = tunnel.over_udp ? put_into_udp(skb, &tunnel, packet, UDP_SOURCE_PORT(hash)) : put_into_gre(skb, &tunnel, packet);
    if (!is_sent)
        return punt(skb, sender, PUNT_EXCEPTION, false);
    count_received(flow->vif, received);
    count_flow(flow, packet->total_length);
    follow_tcp(flow, packet);
    count_hit();
    return send_to_underlay(skb, &tunnel);
}

static __always_inline int drop_flow(struct __sk_buff *skb, struct flow_slot *flow, const struct packet *packet, __u64 verdict)
{
    count_flow(flow, packet->total_length);
    follow_tcp(flow, packet);
    count_hit();
    return drop(skb, flow->vif, VERDICT_REASON(verdict));
}

static __always_inline int pass_frame(struct __sk_buff *skb, __u32 number, struct vif_slot *vif, const struct host_slot *settings)
{
    struct packet packet = {};
    struct ruling ruling;
    bool is_control = false;
    __u32 received = skb->len;
    int check = check_frame(skb, vif, &packet, &is_control);
    if (check == GO_ON && !has_checksum_behind_ports(skb, &packet))
        check = DROP_INVALID_OFFLOAD;
    if (check < 0)
        return punt(skb, vif, CAUSE_OF(check), is_control);
    if (check > 0) {
        count_received(number, received);
        return drop(skb, number, check);
    }
    packet.key.next_hop = vif->next_hop;
    __u32 hash = flow_hash(&packet.key, settings->seed);
    struct flow_slot *flow = find_flow(&packet.key, hash, settings);
    if (!flow && STATELESS_OF_VIF(vif->stateless_lengths))
        flow = find_stateless(&packet.key, STATELESS_OF_VIF(vif->stateless_lengths), false, settings);
    if (!flow || (opens_connection(&packet) && is_done(flow))) {
        if (!take_token(vif->miss_rate, &vif->miss_bucket))
            return drop_above_rate(skb);
        flow = admit(&packet.key, number, 0, flow, settings);
        if (!flow)
            return punt(skb, 0, PUNT_MISS, false);
    }
    /* An entry of packets to this vif, or of one that sends to itself: whether the VM may send so is for C# to say. */
    if (flow->destination_vif == number || flow->vif != number)
        return punt(skb, vif, PUNT_EXCEPTION, false);
    if (opens_connection(&packet) && is_adopted(flow))
        return punt(skb, vif, PUNT_EXCEPTION, false);
    if (!read_ruling(flow, vif, 0, &ruling))
        return punt(skb, vif, PUNT_STALE, false);
    if (packet.tcp_flags & TCP_FLAG_SYN)
        read_syn_options(skb, ETHERNET_SIZE + IPV4_SIZE, &packet);
    if (VERDICT_ACTION(ruling.verdict) == VERDICT_DROP) {
        count_received(number, skb->len);
        return drop_flow(skb, flow, &packet, ruling.verdict);
    }
    if (packet.time_to_live <= 1 || !can_trim(skb, ETHERNET_SIZE + packet.total_length))
        return punt(skb, vif, PUNT_EXCEPTION, false);
    if (TARGET_KIND(ruling.target) == NEXT_HOP_INTERFACE)
        return send_to_vif(skb, vif, TARGET_NUMBER(ruling.target), flow, &packet);
    if (TARGET_KIND(ruling.target) == NEXT_HOP_TUNNEL)
        return send_to_tunnel(skb, vif, &ruling, flow, &packet, settings, hash);
    return punt(skb, vif, PUNT_EXCEPTION, false);
}
