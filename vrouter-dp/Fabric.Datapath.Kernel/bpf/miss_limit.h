/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many packets of a vif, and from the underlay to it, may begin a connection or come up: a token bucket of each before either, so that a flood
 * costs nobody but whom it comes from or goes to. What the underlay sends to no vif has one too.
 */
#pragma once

#include "counters.h"
#include "flow.h"

#define TOKEN 1000ull /* tokens are counted in thousandths */
#define LONGEST_FILL 1000
#define BUCKET_TRIES 16

/* A burst is 50 ms of the rate, and no less than what a machine asks that has just started. */
#define BURST_MILLITOKENS(rate) ((rate) * 50ull)
#define LEAST_BURST (64 * TOKEN)
#define MOST_BURST 0xFFFFFFFFull

#define BUCKET_TOKENS(word) ((__u32)(word))
#define BUCKET_FILLED_AT(word) ((__u32)((word) >> 32))

static __always_inline __u64 burst_of(__u32 rate)
{
    __u64 burst = BURST_MILLITOKENS(rate);
    return burst < LEAST_BURST ? LEAST_BURST : burst > MOST_BURST ? MOST_BURST : burst;
}

/* A clock behind the one that filled it fills nothing, unless it is that of a day after the count came round: TokenBucket. */
static __always_inline __u64 filled(__u32 rate, __u64 word, __u32 now, __u32 *at)
{
    __s32 elapsed = now - BUCKET_FILLED_AT(word);
    bool is_new = !word || elapsed > LONGEST_FILL || elapsed < -LONGEST_FILL;
    *at = is_new || elapsed > 0 ? now : BUCKET_FILLED_AT(word);
    __u64 milliseconds = is_new ? LONGEST_FILL : elapsed > 0 ? elapsed : 0;
    __u64 tokens = BUCKET_TOKENS(word) + milliseconds * rate;
    return tokens > burst_of(rate) ? burst_of(rate) : tokens;
}

/* One word for all processors: who sends by several gets no more by it. Who finds it changed each time got none. */
static __always_inline bool take_token(__u32 rate, __u64 *bucket)
{
    if (!rate)
        return true;
    __u32 now = bpf_ktime_get_ns() / NANOSECONDS_OF_MILLISECOND;
#pragma clang loop unroll(disable)
    for (__u32 i = 0; i < BUCKET_TRIES; i++) {
        __u64 word = load_once(*bucket);
        __u32 at;
        __u64 tokens = filled(rate, word, now, &at);
        bool taken = tokens >= TOKEN;
        __u64 next = (__u64)at << 32 | (taken ? tokens - TOKEN : tokens);
        if (next == word || __sync_val_compare_and_swap(bucket, word, next) == word)
            return taken;
    }
    return false;
}

static __always_inline void count_limited(void)
{
    struct cache_counters *lane = cache_lane();
    if (lane)
        lane->miss_limited++;
}

/* The end of a packet of a vif, by whose device it came in, for which there was no token. */
static __always_inline int drop_above_rate(struct __sk_buff *skb)
{
    count_limited();
    __u32 number = skb->ifindex;
    struct device_slot *device = bpf_map_lookup_elem(&devices, &number);
    if (!device)
        return TC_ACT_SHOT;
    count_received(device->vif, skb->len);
    return drop(skb, device->vif, DROP_MISS_RATE_OF_VIF);
}

/* The end of a packet of the underlay to a vif, or to none, for which there was no token. */
static __always_inline int drop_above_rate_to(struct __sk_buff *skb, __u32 vif)
{
    count_limited();
    return drop(skb, vif, vif == FABRIC_NO_VIF ? DROP_MISS_RATE_OF_UNDERLAY : DROP_MISS_RATE_TO_VIF);
}
