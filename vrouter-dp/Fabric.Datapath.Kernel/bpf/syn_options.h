/* SPDX-License-Identifier: Apache-2.0 */
/* The options of a SYN: its window scale (RFC 7323) and its maximum segment size, which is lowered to what fits a tunnel: SegmentSizeClamp. */
#pragma once

#include "offload.h"

#define OPTION_END 0
#define OPTION_PADDING 1
#define OPTION_SEGMENT_SIZE 2
#define OPTION_WINDOW_SCALE 3
#define OPTIONS_MAX 40

#define HEADERS_OF_SEGMENT (IPV4_SIZE + TCP_SIZE)

struct syn_options {
    __be16 segment_size;
    __u8 segment_size_at; /* where in the segment; 0: nowhere */
    __u8 scale;
    bool has_segment_size;
    bool has_scale;
};

/* The first of each kind counts, whatever it is. */
static __always_inline void read_option(struct __sk_buff *skb, __u32 options, __u32 next, __u8 kind, __u8 size, struct syn_options *found)
{
    if (kind == OPTION_SEGMENT_SIZE && !found->has_segment_size) {
        found->has_segment_size = true;
        if (size == 4 && !bpf_skb_load_bytes(skb, options + next + 2, &found->segment_size, 2))
            found->segment_size_at = TCP_SIZE + next + 2;
    } else if (kind == OPTION_WINDOW_SCALE && !found->has_scale) {
        found->has_scale = true;
        if (size == 3)
            bpf_skb_load_bytes(skb, options + next + 2, &found->scale, 1);
    }
}

#define OPTION_SCALE(found) ((__u8)(found))
#define OPTION_SEGMENT_SIZE_AT(found) ((__u8)((found) >> 8))
#define OPTION_SEGMENT_SIZE_OF(found) ((__u16)((found) >> 16))

/*
 * Options up to one that runs over the header, as a word for the macros above. `options` is where they begin in the frame. Each byte is
 * loaded by itself, so that the verifier need not follow where it lies; and this is a function, so that it goes through the loop once.
 */
static __noinline __u32 find_syn_options(struct __sk_buff *skb, __u32 options, __u32 length)
{
    struct syn_options found = {};
    __u32 next = 0;
#pragma clang loop unroll(disable)
    for (__u32 i = 0; i < OPTIONS_MAX; i++) {
        __u8 kind = OPTION_END, size = 0;
        if (next >= length || bpf_skb_load_bytes(skb, options + next, &kind, 1) || kind == OPTION_END)
            break;
        if (kind == OPTION_PADDING) {
            next++;
            continue;
        }
        if (next + 1 >= length || bpf_skb_load_bytes(skb, options + next + 1, &size, 1) || size < 2 || size > length - next)
            break;
        read_option(skb, options, next, kind, size, &found);
        next += size;
    }
    return found.scale | found.segment_size_at << 8 | (__u32)bpf_ntohs(found.segment_size) << 16;
}

/* `tcp` is where the segment begins in the frame. */
static __always_inline void read_syn_options(struct __sk_buff *skb, __u32 tcp, struct packet *packet)
{
    __u32 found = find_syn_options(skb, tcp + TCP_SIZE, packet->tcp_header_length - TCP_SIZE);
    packet->tcp_scale = OPTION_SCALE(found);
    packet->segment_size_at = OPTION_SEGMENT_SIZE_AT(found);
    packet->segment_size = OPTION_SEGMENT_SIZE_OF(found);
}

/* A word that begins at an odd byte adds to the checksum with its bytes exchanged (RFC 1071 section 2, B). False: nothing was changed. */
static __always_inline bool clamp_segment_size(struct __sk_buff *skb, __u32 tcp, const struct packet *packet, __u32 largest_packet)
{
    __u16 largest = largest_packet - HEADERS_OF_SEGMENT;
    if (!packet->segment_size_at || packet->segment_size <= largest)
        return true;
    __be16 value = bpf_htons(largest);
    bool is_odd = packet->segment_size_at & 1;
    __be16 from = is_odd ? packet->segment_size : bpf_htons(packet->segment_size);
    __be16 to = is_odd ? largest : value;
    return !bpf_l4_csum_replace(skb, tcp + TCP_CHECKSUM_OFFSET, from, to, sizeof(value)) &&
        !bpf_skb_store_bytes(skb, tcp + packet->segment_size_at, &value, sizeof(value), 0);
}
