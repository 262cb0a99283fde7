/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sets up connections of which a wide entry says what becomes: WideFlows.TryMake. The set of flows changes under a lock that fabric-dp takes
 * too. A program is not preempted while it holds it, and does not wait for long: what it does not get to do goes up.
 */
#pragma once

#include "counters.h"
#include "flow.h"
#include "tcp.h"

#define LOCK_TRIES 128
#define NANOSECONDS_OF_TENTH 100000000ull
#define MOST_TENTHS_AHEAD 36000u /* of a slot that rests: FreeSlots.Rests */

struct connection {
    struct flow_key key __attribute__((aligned(8)));
    struct flow_key answer_key __attribute__((aligned(8)));
    struct flow_slot *wide;
    struct flow_slot *wide_answer;
    __u64 now;
};

static __always_inline struct flow_slot *flow_at(__u32 number)
{
    return bpf_map_lookup_elem(&flows, &number);
}

static __always_inline bool take_lock(struct flow_table *table)
{
#pragma clang loop unroll(disable)
    for (__u32 i = 0; i < LOCK_TRIES; i++) {
        if (__sync_val_compare_and_swap(&table->lock, LOCK_FREE, LOCK_OF_PROGRAM) == LOCK_FREE)
            return true;
    }
    return false;
}

static __always_inline void release_lock(struct flow_table *table)
{
    compiler_barrier();
    *(volatile __u32 *)&table->lock = LOCK_FREE;
}

static __always_inline bool has_port(const struct flow_slot *wide, __u16 port)
{
    return port >= WIDE_FIRST_PORT(wide->ports_or_began) && port <= WIDE_LAST_PORT(wide->ports_or_began);
}

static __always_inline struct flow_slot *find_wide(const struct flow_key *key, const struct host_slot *settings)
{
    struct flow_key wide_key __attribute__((aligned(8))) = *key;
    wide_key.source_port = 0;
    wide_key.destination_port = 0;
    wide_key.kind = FLOW_WIDE;
    struct flow_slot *wide = find_flow(&wide_key, flow_hash(&wide_key, settings->seed), settings);
    if (wide && has_port(wide, key->destination_port))
        return wide;
    wide_key.destination_port = key->destination_port;
    return find_flow(&wide_key, flow_hash(&wide_key, settings->seed), settings);
}

static __always_inline bool is_current(const struct flow_slot *flow, __u32 outer_source)
{
    struct ruling ruling;
    struct vif_slot *vif = vif_at(flow->vif);
    return flow->state == FLOW_IN_USE && vif && read_ruling(flow, vif, outer_source, &ruling);
}

/* The place of the index where a key of this hash goes; 0: none that a lookup would reach. */
static __always_inline __u32 *free_place(__u32 hash, const struct host_slot *settings)
{
#pragma clang loop unroll(disable)
    for (__u32 i = 0; i < FLOW_INDEX_PROBES; i++) {
        __u32 place = (hash + i) & settings->index_mask;
        __u32 number = place / WORDS_OF_BLOCK;
        struct word_block *block = bpf_map_lookup_elem(&flow_index, &number);
        if (!block)
            return 0;
        if (!block->words[place % WORDS_OF_BLOCK])
            return &block->words[place % WORDS_OF_BLOCK];
    }
    return 0;
}

static __always_inline struct free_slot *free_slot_at(const struct flow_table *table, __u32 offset)
{
    __u32 place = table->first_free + offset;
    if (place >= table->capacity)
        place -= table->capacity;
    return bpf_map_lookup_elem(&free_slots, &place);
}

static __always_inline bool rests(const struct free_slot *free, __u64 now)
{
    return free->usable_at - (__u32)(now / NANOSECONDS_OF_TENTH) - 1 < MOST_TENTHS_AHEAD;
}

static __always_inline bool has_room(const struct flow_table *table, const struct connection *connection)
{
    struct vif_slot *vif = vif_at(connection->wide->vif), *other = vif_at(connection->wide_answer->vif);
    struct free_slot *last = free_slot_at(table, 1);
    __u32 most = table->free_count < table->flows_per_vif ? table->free_count : table->flows_per_vif;
    return vif && other && last && vif->flows + 2 <= most && other->flows + 1 <= most && !rests(last, connection->now);
}

/* What is the same for all connections of a kind; the slot holds no more for other programs until all of it is there. */
static __always_inline void copy_verdict(struct flow_slot *flow, const struct flow_slot *wide)
{
    *(volatile __u64 *)&flow->validated_at = 0;
    compiler_barrier();
    flow->route_next_hop = wide->route_next_hop;
    flow->destination_vif = wide->destination_vif;
    flow->outer_source = wide->outer_source;
    flow->rule = wide->rule;
    flow->verdict = wide->verdict;
    flow->vif = wide->vif;
    flow->is_initiator = wide->is_initiator;
    flow->icmp_type = 0;
    flow->rewrite = wide->rewrite;
    compiler_barrier();
    *(volatile __u64 *)&flow->validated_at = wide->validated_at;
}

static __always_inline void begin(struct flow_slot *flow, const struct flow_slot *wide, __u64 now)
{
    flow->packets = 0;
    flow->bytes = 0;
    flow->last_seen = now;
    flow->created_at = now;
    flow->tcp_end = 0;
    flow->tcp_ack = 0;
    *(__u32 *)&flow->tcp_window = 0;
    copy_verdict(flow, wide);
}

static __always_inline void count_slots(__u32 vif)
{
    struct vif_slot *slot = vif_at(vif);
    if (slot)
        slot->flows++;
}

/* Two slots, which `has_room` has found. */
static __always_inline void take_slots(struct flow_table *table, const struct connection *connection)
{
    __u32 next = table->first_free + 2;
    table->first_free = next >= table->capacity ? next - table->capacity : next;
    table->free_count -= 2;
    count_slots(connection->wide->vif);
    count_slots(connection->wide_answer->vif);
}

static __always_inline void fill(struct flow_slot *flow, const struct flow_key *key, const struct flow_slot *wide, __u32 reverse, __u64 now)
{
    flow->key = *key;
    flow->reverse = reverse;
    flow->earlier_packets = 0;
    flow->earlier_bytes = 0;
    flow->ports_or_began = 0;
    begin(flow, wide, now);
    compiler_barrier();
    *(volatile __u8 *)&flow->state = FLOW_IN_USE;
}

static __always_inline struct flow_slot *add_pair(struct flow_table *table, const struct connection *connection, __u32 hash,
                                                  const struct host_slot *settings)
{
    __u32 answer_hash = flow_hash(&connection->answer_key, settings->seed);
    if (find_flow(&connection->answer_key, answer_hash, settings) || !has_room(table, connection))
        return 0;
    struct free_slot *first = free_slot_at(table, 0), *second = free_slot_at(table, 1);
    __u32 *place = free_place(hash, settings), *answer_place = free_place(answer_hash, settings);
    if (!first || !second || !place || !answer_place || place == answer_place)
        return 0;
    __u32 number = first->slot, answer_number = second->slot;
    struct flow_slot *flow = flow_at(number), *answer = flow_at(answer_number);
    if (!flow || !answer)
        return 0;
    take_slots(table, connection);
    fill(flow, &connection->key, connection->wide, answer_number, connection->now);
    fill(answer, &connection->answer_key, connection->wide_answer, number, connection->now);
    compiler_barrier();
    *(volatile __u32 *)place = index_word(hash, number, settings->index_mask);
    *(volatile __u32 *)answer_place = index_word(answer_hash, answer_number, settings->index_mask);
    return flow;
}

/* fabric-dp reports it with what it reports of the slot next, and be that after a restart. */
static __always_inline void end(struct flow_slot *flow)
{
    if (!flow->ports_or_began)
        flow->ports_or_began = flow->created_at / NANOSECONDS_OF_MILLISECOND;
    flow->earlier_packets += flow->packets;
    flow->earlier_bytes += flow->bytes;
}

/*
 * A connection's ports are used again when it is done: the pair stays where it is, and begins anew. Not by the other side, though: a session is
 * known by the slot of who opened it.
 */
static __always_inline struct flow_slot *begin_again(struct flow_slot *flow, const struct connection *connection,
                                                     const struct host_slot *settings)
{
    struct flow_slot *answer = flow_at(flow->reverse);
    if (!answer || flow->state != FLOW_IN_USE || answer->state != FLOW_IN_USE || !is_same_key(&flow->key, &connection->key) ||
        !is_same_key(&answer->key, &connection->answer_key) || flow->vif != connection->wide->vif ||
        answer->vif != connection->wide_answer->vif || !flow->is_initiator)
        return 0;
    if (is_done(flow)) {
        if (settings->records) {
            end(flow);
            end(answer);
        }
        begin(flow, connection->wide, connection->now);
        begin(answer, connection->wide_answer, connection->now);
    }
    return flow;
}

static __always_inline struct flow_slot *admit_locked(struct flow_table *table, const struct connection *connection, __u32 outer_source,
                                                      struct flow_slot *closed, const struct host_slot *settings)
{
    if (!has_port(connection->wide, connection->key.destination_port) || !is_current(connection->wide, outer_source) ||
        !is_current(connection->wide_answer, connection->wide_answer->outer_source))
        return 0;
    if (closed)
        return begin_again(closed, connection, settings);
    __u32 hash = flow_hash(&connection->key, settings->seed);
    struct flow_slot *made = find_flow(&connection->key, hash, settings);
    return made ? made : add_pair(table, connection, hash, settings);
}

static __always_inline void count_made(struct flow_slot *wide, __u64 now)
{
    struct cache_counters *lane = cache_lane();
    if (lane)
        lane->made++;
    __sync_fetch_and_add(&wide->packets, 1);
    wide->last_seen = now;
}

/*
 * The flow of a connection's first packet; 0: C# is to say. `outer_source` is 0 for what a VM sends. `closed` is the flow of an earlier
 * connection with the same ports that is done, or 0. A function of its own, since a program's stack is small.
 */
static __noinline struct flow_slot *admit(const struct flow_key *key, __u32 vif, __u32 outer_source, struct flow_slot *closed,
                                          const struct host_slot *settings)
{
    struct connection connection = { .key = *key, .now = bpf_ktime_get_coarse_ns() };
    connection.wide = find_wide(key, settings);
    __u32 zero = 0;
    struct flow_table *table = bpf_map_lookup_elem(&flow_table, &zero);
    if (!connection.wide || !table || connection.wide->vif != vif ||
        (!outer_source && connection.wide->destination_vif == vif))
        return 0;
    connection.wide_answer = flow_at(connection.wide->reverse);
    if (!connection.wide_answer)
        return 0;
    connection.answer_key = (struct flow_key){
        .next_hop = connection.wide_answer->key.next_hop,
        .source = key->destination,
        .destination = key->source,
        .source_port = key->destination_port,
        .destination_port = key->source_port,
        .protocol = key->protocol,
    };
    if (!take_lock(table))
        return 0;
    struct flow_slot *flow = admit_locked(table, &connection, outer_source, closed, settings);
    release_lock(table);
    if (flow)
        count_made(connection.wide, connection.now);
    return flow;
}
