/* SPDX-License-Identifier: Apache-2.0 */
/* Counters of this processor's lane, which no other processor writes; only `vif_drops` is shared by all. */
#pragma once

#include <linux/pkt_cls.h>

#include "drop_reason.h"
#include "maps.h"
#include "report.h"

#define DROPS_OF_LANE 256
#define DROPS_OF_VIF 64

static __always_inline struct cache_counters *cache_lane(void)
{
    __u32 lane = bpf_get_smp_processor_id();
    return bpf_map_lookup_elem(&cache_counters, &lane);
}

static __always_inline void count_hit(void)
{
    struct cache_counters *lane = cache_lane();
    if (lane)
        lane->hits++;
}

static __always_inline struct vif_counters *vif_lane(__u32 vif)
{
    __u32 element = bpf_get_smp_processor_id() * config.vifs + vif;
    return bpf_map_lookup_elem(&vif_counters, &element);
}

static __always_inline void count_received(__u32 vif, __u32 bytes)
{
    struct vif_counters *lane = vif_lane(vif);
    if (lane) {
        lane->received_packets++;
        lane->received_bytes += bytes;
    }
}

static __always_inline void count_sent(__u32 vif, __u32 bytes)
{
    struct vif_counters *lane = vif_lane(vif);
    if (lane) {
        lane->sent_packets++;
        lane->sent_bytes += bytes;
    }
}

/* The end of a packet that is not forwarded; `vif` may be FABRIC_NO_VIF. */
static __always_inline int drop(struct __sk_buff *skb, __u32 vif, enum drop_reason reason)
{
    __u32 element = bpf_get_smp_processor_id() * DROPS_OF_LANE + (reason & (DROPS_OF_LANE - 1));
    __u64 *total = bpf_map_lookup_elem(&drops, &element);
    if (total)
        (*total)++;
    if (vif != FABRIC_NO_VIF) {
        element = vif * DROPS_OF_VIF + (reason & (DROPS_OF_VIF - 1));
        __u64 *of_vif = bpf_map_lookup_elem(&vif_drops, &element);
        if (of_vif)
            __sync_fetch_and_add(of_vif, 1);
    }
    report(skb, REPORT_DROP, reason, 0, 0);
    return TC_ACT_SHOT;
}
