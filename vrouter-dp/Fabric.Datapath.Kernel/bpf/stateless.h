/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the entry of packets that no policy applies to: StatelessFlows.Find. */
#pragma once

#include "flow.h"

#define ANY_ADDRESS 0
#define ONE_ADDRESS 32

/*
 * The entry for the blocks that a packet's addresses are in, if there is one; whether it is valid, `read_ruling` says. `lengths` are those to
 * look for. A function of its own, since it is called where a program's stack is nearly full.
 */
static __noinline struct flow_slot *find_stateless(const struct flow_key *key, __u32 lengths, bool is_of_underlay,
                                                   const struct host_slot *settings)
{
    if (key->source == key->destination)
        return 0;
#pragma clang loop unroll(disable)
    for (__u32 i = STATELESS_LENGTHS; i > 0; i--) {
        if (!(lengths & 1u << (i - 1)))
            continue;
        __u32 length = 8 * i, mask = 0xFFFFFFFFu << (ONE_ADDRESS - length);
        struct flow_key blocks __attribute__((aligned(8))) = {
            .next_hop = key->next_hop,
            .source = is_of_underlay ? key->source & mask : key->source,
            .destination = is_of_underlay ? 0 : key->destination & mask,
            .source_port = is_of_underlay ? length : ONE_ADDRESS,
            .destination_port = is_of_underlay ? ANY_ADDRESS : length,
            .kind = FLOW_STATELESS,
        };
        struct flow_slot *flow = find_flow(&blocks, flow_hash(&blocks, settings->seed), settings);
        if (flow)
            return flow;
    }
    return 0;
}
