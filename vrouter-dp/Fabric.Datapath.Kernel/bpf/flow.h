/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the flow of a packet and says whether its verdict is still that of the tables. */
#pragma once

#include "maps.h"

#define NANOSECONDS_OF_MILLISECOND 1000000ull

#define compiler_barrier() asm volatile("" ::: "memory")
#define load_once(place) (*(const volatile typeof(place) *)&(place))

/* A key is 20 bytes and begins where a word of eight does. */
static __always_inline bool is_same_key(const struct flow_key *a, const struct flow_key *b)
{
    const __u64 *left = (const void *)a, *right = (const void *)b;
    return left[0] == right[0] && left[1] == right[1] && (__u32)left[2] == (__u32)right[2];
}

static __always_inline struct flow_slot *find_flow(const struct flow_key *key, __u32 hash, const struct host_slot *settings)
{
#pragma clang loop unroll(disable)
    for (__u32 i = 0; i < FLOW_INDEX_PROBES; i++) {
        __u32 word = word_at(&flow_index, (hash + i) & settings->index_mask);
        if (!word)
            return 0;
        if ((word ^ hash) & ~settings->index_mask)
            continue;
        __u32 number = (word & settings->index_mask) - 1;
        struct flow_slot *flow = bpf_map_lookup_elem(&flows, &number);
        if (flow && flow->state == FLOW_IN_USE && is_same_key(&flow->key, key))
            return flow;
    }
    return 0;
}

/* What a flow's entry says, and its next hop as it was when the entry was still good. */
struct ruling {
    __u64 verdict;
    __u64 target;
    __u64 underlay;
};

static __always_inline bool is_route_older(__u32 number, __u64 at)
{
    struct next_hop_slot *next_hop = next_hop_at(number);
    return next_hop && next_hop->changed_at <= at;
}

static __always_inline bool is_destination_older(__u32 number, __u64 at)
{
    struct vif_slot *vif = bpf_map_lookup_elem(&vifs, &number);
    return number == FABRIC_NO_VIF || (vif && vif->changed_at <= at);
}

/*
 * Valid as layout.h says. A writer clears `validated_at` first and stores it last, so a verdict between two equal readings of it belongs to
 * the rest of the entry; a slot's `changed_at` is loaded behind what it is about.
 */
static __always_inline bool read_ruling(const struct flow_slot *flow, const struct vif_slot *vif, __u32 outer_source,
                                        struct ruling *ruling)
{
    __u64 at = load_once(flow->validated_at);
    compiler_barrier();
    ruling->verdict = load_once(flow->verdict);
    struct next_hop_slot *leaf = next_hop_at(VERDICT_NEXT_HOP(ruling->verdict));
    if (!leaf)
        return false;
    ruling->target = load_once(leaf->target);
    ruling->underlay = load_once(leaf->underlay);
    compiler_barrier();
    bool is_current = flow->outer_source == outer_source && vif->changed_at <= at && leaf->changed_at <= at &&
        is_route_older(flow->route_next_hop, at) && is_destination_older(flow->destination_vif, at);
    compiler_barrier();
    return is_current && load_once(flow->validated_at) == at;
}

/* Atomic, since a flow's packets may come in by several processors, and C# counts here too. */
static __always_inline void count_flow(struct flow_slot *flow, __u32 bytes)
{
    __sync_fetch_and_add(&flow->packets, 1);
    __sync_fetch_and_add(&flow->bytes, bytes);
    flow->last_seen = bpf_ktime_get_coarse_ns();
}
