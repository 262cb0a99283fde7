/* SPDX-License-Identifier: Apache-2.0 */
/* Packets of the underlay: Pipeline.FromUplink for packets of flows that have a verdict. */
#pragma once

#include "admit.h"
#include "decapsulate.h"
#include "deliver.h"
#include "flow.h"
#include "punt.h"
#include "stateless.h"
#include "syn_options.h"
#include "tcp.h"

static __always_inline bool take_off(struct __sk_buff *skb, __u32 outer_length)
{
    return (outer_length == GRE_OVERHEAD ? bpf_skb_adjust_room(skb, -GRE_OVERHEAD, BPF_ADJ_ROOM_MAC, BPF_F_ADJ_ROOM_FIXED_GSO)
                                         : bpf_skb_adjust_room(skb, -UDP_OVERHEAD, BPF_ADJ_ROOM_MAC, BPF_F_ADJ_ROOM_FIXED_GSO)) == 0;
}

static __always_inline int check_inner(struct __sk_buff *skb, const struct outer *outer, struct packet *packet)
{
    /* The compiler must not move the offset behind the comparison with the end, where the verifier does not see it. */
    struct ipv4_header *ipv4 = outer->length == GRE_OVERHEAD ? PACKET_AT(skb, ETHERNET_SIZE + GRE_OVERHEAD)
                                                             : PACKET_AT(skb, ETHERNET_SIZE + UDP_OVERHEAD);
    int check = parse_ipv4(ipv4, PACKET_END(skb), outer->inner, packet);
    check = check != GO_ON ? check : check_destination(packet->key.destination);
    return check == GO_ON && is_of_no_machine(packet->key.source) ? DROP_INVALID_SOURCE : check;
}

/*
 * What comes up from the underlay has a rate to each vif, beside that of what the vif sends: a gateway lets floods through, and so does a host that was
 * taken over, and a neighbour must not use up a VM's own. A packet with an entry passes by it, though its last hop is C#'s, or its verdict is to be
 * made again; unless it comes from elsewhere than the entry says, as anybody's may.
 */
static __always_inline bool may_come_up(struct vif_slot *vif)
{
    return take_token(vif->miss_rate, &vif->underlay_bucket);
}

/* What leads to no vif is nobody's connection: it comes up for C# to say why, at a rate for all of it. */
static __always_inline int punt_to_nobody(struct __sk_buff *skb, __u32 cause)
{
    __u32 zero = 0;
    struct host_slot *settings = bpf_map_lookup_elem(&host, &zero);
    if (settings && !take_token(settings->miss_rate, &settings->miss_bucket))
        return drop_above_rate_to(skb, FABRIC_NO_VIF);
    return punt(skb, 0, cause, false);
}

/* The cost of what only C# can take off is its vif's. */
static __always_inline int punt_of_underlay(struct __sk_buff *skb, __u32 number, __u32 cause)
{
    number = number == FABRIC_NO_VIF ? vif_behind(skb) : number;
    struct vif_slot *vif = number == FABRIC_NO_VIF ? 0 : vif_at(number);
    if (!vif)
        return punt_to_nobody(skb, cause);
    return may_come_up(vif) ? punt(skb, 0, cause, false) : drop_above_rate_to(skb, number);
}

static __always_inline int pass_inner(struct __sk_buff *skb, const struct outer *outer, struct vif_slot *vif, struct packet *packet,
                                      const struct host_slot *settings)
{
    struct ruling ruling;
    packet->key.next_hop = vif->next_hop;
    struct flow_slot *flow = find_flow(&packet->key, flow_hash(&packet->key, settings->seed), settings);
    if (!flow && STATELESS_OF_UNDERLAY(vif->stateless_lengths))
        flow = find_stateless(&packet->key, STATELESS_OF_UNDERLAY(vif->stateless_lengths), true, settings);
    bool begins = !flow || (opens_connection(packet) && (is_done(flow) || is_adopted(flow)));
    if ((begins || flow->outer_source != outer->source) && !may_come_up(vif))
        return drop_above_rate_to(skb, outer->vif);
    if (!flow || (opens_connection(packet) && is_done(flow)))
        flow = admit(&packet->key, outer->vif, outer->source, flow, settings);
    if (!flow)
        return punt(skb, 0, PUNT_MISS, false);
    if (flow->vif != outer->vif || (opens_connection(packet) && is_adopted(flow)))
        return punt(skb, 0, PUNT_EXCEPTION, false);
    if (!read_ruling(flow, vif, outer->source, &ruling))
        return punt(skb, 0, PUNT_STALE, false);
    __u32 tcp = ETHERNET_SIZE + outer->length + IPV4_SIZE;
    if (packet->tcp_flags & TCP_FLAG_SYN)
        read_syn_options(skb, tcp, packet);
    if (VERDICT_ACTION(ruling.verdict) == VERDICT_DROP) {
        count_flow(flow, packet->total_length);
        follow_tcp(flow, packet);
        count_hit();
        return drop(skb, outer->vif, VERDICT_REASON(ruling.verdict));
    }
    if (is_cut_as_tunnel(skb, outer, packet))
        return punt(skb, 0, PUNT_EXCEPTION, false);
    if (!can_deliver(vif) || !can_trim(skb, ETHERNET_SIZE + outer->length + packet->total_length) ||
        !clamp_segment_size(skb, tcp, packet, settings->underlay_mtu - outer->length) || !take_off(skb, outer->length))
        return punt(skb, 0, PUNT_EXCEPTION, false);
    if (!trim(skb, ETHERNET_SIZE + packet->total_length) || !write_ethernet(skb, vif->mac))
        return drop(skb, outer->vif, DROP_NOT_DELIVERED);
    count_flow(flow, packet->total_length);
    follow_tcp(flow, packet);
    count_hit();
    return deliver(skb, outer->vif, vif);
}

static __always_inline int pass_tunnel(struct __sk_buff *skb, const struct host_slot *settings)
{
    struct outer outer = { .vif = FABRIC_NO_VIF };
    struct packet packet = {};
    int check = check_tunnel(skb, &outer);
    struct vif_slot *vif = outer.vif == FABRIC_NO_VIF ? 0 : vif_at(outer.vif);
    if (check == GO_ON)
        check = vif ? check_inner(skb, &outer, &packet) : GO_UP(PUNT_EXCEPTION);
    if (check < 0)
        return punt_of_underlay(skb, outer.vif, CAUSE_OF(check));
    if (check > 0)
        return drop(skb, outer.vif, check);
    return pass_inner(skb, &outer, vif, &packet, settings);
}
