/* SPDX-License-Identifier: Apache-2.0 */
/* How many packets of a vif may begin a connection or come up: a token bucket before either, so that a flood costs nobody but its sender. */
#pragma once

#include "counters.h"

#define NANOSECONDS 1000000000ull
#define TOKEN 1000ull /* tokens are counted in thousandths */
#define MICROTOKENS_OF_MILLITOKEN 1000000ull

/* A burst is 50 ms of the rate, and no less than what a machine asks that has just started. */
#define BURST_MILLITOKENS(rate) ((rate) * 50ull)
#define LEAST_BURST (64 * TOKEN)

static __always_inline __u64 burst_of(const struct vif_slot *vif)
{
    __u64 burst = BURST_MILLITOKENS(vif->miss_rate);
    return burst < LEAST_BURST ? LEAST_BURST : burst;
}

/* One bucket for all processors, filled without a lock: two that meet may let a packet more or less come up. */
static __always_inline bool take_token(struct vif_slot *vif)
{
    if (!vif->miss_rate)
        return true;
    __u64 now = bpf_ktime_get_ns();
    __u64 elapsed = now - vif->miss_filled_at;
    if (elapsed > NANOSECONDS)
        elapsed = NANOSECONDS;
    __u64 filled = elapsed * vif->miss_rate / MICROTOKENS_OF_MILLITOKEN;
    __u64 tokens = vif->miss_tokens;
    if (filled) {
        tokens += filled;
        vif->miss_filled_at = now;
    }
    if (tokens > burst_of(vif))
        tokens = burst_of(vif);
    bool taken = tokens >= TOKEN;
    vif->miss_tokens = taken ? tokens - TOKEN : tokens;
    return taken;
}

/* The end of a packet of a vif, by whose device it came in, for which there was no token. */
static __always_inline int drop_above_rate(struct __sk_buff *skb)
{
    struct cache_counters *lane = cache_lane();
    if (lane)
        lane->miss_limited++;
    __u32 number = skb->ifindex;
    struct device_slot *device = bpf_map_lookup_elem(&devices, &number);
    if (!device)
        return TC_ACT_SHOT;
    count_received(device->vif, skb->len);
    return drop(skb, device->vif, DROP_MISS_RATE_OF_VIF);
}
