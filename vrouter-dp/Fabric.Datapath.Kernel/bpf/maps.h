/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory shared with fabric-dp. The loader gives each map its size: `max_entries` here are placeholders. All but the rings are
 * arrays that user space maps into its address space.
 */
#pragma once

#include <linux/bpf.h>
#include <stdbool.h>

#include <bpf/bpf_helpers.h>

#include "layout.h"

#define SHARED_ARRAY(name, type_of_value)                                                                                              \
    struct {                                                                                                                           \
        __uint(type, BPF_MAP_TYPE_ARRAY);                                                                                              \
        __uint(map_flags, BPF_F_MMAPABLE);                                                                                             \
        __uint(max_entries, 1);                                                                                                        \
        __type(key, __u32);                                                                                                            \
        __type(value, type_of_value);                                                                                                  \
    } name SEC(".maps")

SHARED_ARRAY(host, struct host_slot);
SHARED_ARRAY(devices, struct device_slot);
SHARED_ARRAY(vifs, struct vif_slot);
SHARED_ARRAY(next_hops, struct next_hop_slot);
SHARED_ARRAY(labels, struct word_block);
SHARED_ARRAY(flows, struct flow_slot);
SHARED_ARRAY(flow_index, struct word_block);
SHARED_ARRAY(flow_table, struct flow_table);
SHARED_ARRAY(free_slots, struct free_slot);
SHARED_ARRAY(vif_counters, struct vif_counters);
SHARED_ARRAY(vif_drops, __u64);
SHARED_ARRAY(drops, __u64);
SHARED_ARRAY(cache_counters, struct cache_counters);

struct punt_ring {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 4096);
};

/* By worker; the loader puts in as many as there are workers. */
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
    __uint(max_entries, 1);
    __type(key, __u32);
    __array(values, struct punt_ring);
} punts SEC(".maps");

static __always_inline struct vif_slot *vif_at(__u32 vif)
{
    struct vif_slot *slot = bpf_map_lookup_elem(&vifs, &vif);
    return slot && slot->flags & VIF_PRESENT ? slot : 0;
}

static __always_inline struct next_hop_slot *next_hop_at(__u32 id)
{
    return bpf_map_lookup_elem(&next_hops, &id);
}

/* A word of a map of blocks; 0 behind its end. */
static __always_inline __u32 word_at(void *map, __u32 number)
{
    __u32 block_number = number / WORDS_OF_BLOCK;
    struct word_block *block = bpf_map_lookup_elem(map, &block_number);
    return block ? block->words[number % WORDS_OF_BLOCK] : 0;
}
