/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the programs cannot finish goes up: small packets as a copy in the ring of their worker, in a record of the smallest class that holds them; large
 * ones, those with segments or control messages through the punt device, which keeps the offloads that a copy loses.
 */
#pragma once

#include "counters.h"
#include "headers.h"
#include "miss_limit.h"
#include "worker.h"

#define SMALL_RECORD 128
#define MIDDLE_RECORD 512
#define LARGE_RECORD 2048

/*
 * Writes a record of a class, a power of two that holds the packet. The mask changes nothing: it tells the verifier of kernel 6.1 what the
 * callers have compared, and the compiler, which knows it too, is kept from leaving it out.
 */
#define PUNT_RECORD(skb, ring, punt, size)                                                                                                  \
    ({                                                                                                                                 \
        bool written = false;                                                                                                          \
        __u32 length = (punt).length - 1;                                                                                              \
        char *record = bpf_ringbuf_reserve(ring, sizeof(struct punt_header) + (size), 0);                                             \
        asm volatile("" : "+r"(length));                                                                                               \
        length = (length & ((size)-1)) + 1;                                                                                            \
        if (record) {                                                                                                                  \
            *(struct punt_header *)record = (punt);                                                                                    \
            written = bpf_skb_load_bytes(skb, 0, record + sizeof(struct punt_header), length) == 0;                                    \
            if (written)                                                                                                               \
                bpf_ringbuf_submit(record, 0);                                                                                         \
            else                                                                                                                       \
                bpf_ringbuf_discard(record, 0);                                                                                        \
        }                                                                                                                              \
        written;                                                                                                                       \
    })

static __always_inline bool punt_to_ring(struct __sk_buff *skb, __u32 cause, const struct host_slot *settings)
{
    __u32 worker = worker_of(skb, settings);
    void *ring = bpf_map_lookup_elem(&punts, &worker);
    struct punt_header punt = { .device = skb->ifindex, .length = skb->len, .cause = cause };
    if (!ring || punt.length == 0)
        return false;
    if (punt.length <= SMALL_RECORD)
        return PUNT_RECORD(skb, ring, punt, SMALL_RECORD);
    if (punt.length <= MIDDLE_RECORD)
        return PUNT_RECORD(skb, ring, punt, MIDDLE_RECORD);
    if (punt.length <= LARGE_RECORD)
        return PUNT_RECORD(skb, ring, punt, LARGE_RECORD);
    return false;
}

static __always_inline bool punt_to_device(struct __sk_buff *skb, __u32 cause, __u32 device)
{
    struct punt_frame header = {
        .local = PUNT_FRAME_LOCAL,
        .cause = cause,
        .device = bpf_htonl(skb->ifindex),
        .source = PUNT_FRAME_SOURCE,
    };
    return device && !bpf_skb_load_bytes(skb, ETHERNET_TYPE_OFFSET, &header.type, sizeof(header.type)) &&
        !bpf_skb_change_head(skb, sizeof(header), 0) &&
        !bpf_skb_store_bytes(skb, 0, &header, sizeof(header), 0);
}

static __always_inline void count_punt(struct cache_counters *lane, __u32 cause)
{
    if (cause == PUNT_MISS)
        lane->misses++;
    else if (cause == PUNT_STALE)
        lane->stale++;
    else
        lane->exceptions++;
}

/*
 * `vif`, where it is known and the packet has not been counted against it, has the limit that it counts against. A function of its own,
 * since it is called from many places.
 */
static __noinline int punt(struct __sk_buff *skb, struct vif_slot *vif, __u32 cause, bool is_control)
{
    struct cache_counters *lane = cache_lane();
    if (!lane)
        return TC_ACT_SHOT;
    count_punt(lane, cause);
    if (vif && !take_token(vif->miss_rate, &vif->miss_bucket))
        return drop_above_rate(skb);
    __u32 zero = 0;
    struct host_slot *settings = bpf_map_lookup_elem(&host, &zero);
    __u32 device = settings ? settings->punt_device : 0;
    bool by_device = skb->gso_size || skb->len > LARGE_RECORD || (is_control && device);
    if (by_device && punt_to_device(skb, cause, device)) {
        report(skb, REPORT_PUNT_DEVICE, cause, device, 0);
        return bpf_redirect(device, 0);
    }
    if (!by_device && punt_to_ring(skb, cause, settings)) {
        report(skb, REPORT_PUNT_RING, cause, 0, 0);
        return TC_ACT_SHOT;
    }
    lane->punt_lost++;
    return TC_ACT_SHOT;
}
