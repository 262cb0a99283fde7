/* SPDX-License-Identifier: Apache-2.0 */
/* How far a TCP connection has come (RFC 9293 section 3.3.2), as its flow entries remember it: TcpTracker, by the rules of layout.h. */
#pragma once

#include "flow.h"
#include "parse.h"

#define TCP_PROGRESS_SHIFT 16

/* A SYN that opens a connection, or one that opened it. */
static __always_inline bool opens_connection(const struct packet *packet)
{
    return (packet->tcp_flags & (TCP_FLAG_SYN | TCP_FLAG_ACKNOWLEDGMENT | TCP_FLAG_RESET)) == TCP_FLAG_SYN;
}

static __always_inline void advance(struct flow_slot *flow, __u8 progress)
{
    if (progress & ~flow->tcp)
        __sync_fetch_and_or((__u32 *)&flow->tcp_window, (__u32)progress << TCP_PROGRESS_SHIFT);
}

/* Both sides have said that they are done, or one of them that there is no connection. */
static __always_inline bool is_closed(const struct flow_slot *flow)
{
    __u32 number = flow->reverse;
    const struct flow_slot *reverse = bpf_map_lookup_elem(&flows, &number);
    __u8 other = reverse ? reverse->tcp : 0;
    return (flow->tcp | other) & TCP_RESET || flow->tcp & other & TCP_FIN;
}

/* A SYN of this direction is not of the connection that it has been of so far. */
static __always_inline bool is_done(const struct flow_slot *flow)
{
    return flow->tcp & TCP_FIN || is_closed(flow);
}

/*
 * Answers of a connection that nobody saw opened: it was taken in from its midst. A SYN among them is for C#, which asks whether the other side
 * may open one (FlowProcessor.Reopen).
 */
static __always_inline bool is_adopted(const struct flow_slot *flow)
{
    __u32 number = flow->reverse;
    const struct flow_slot *reverse = bpf_map_lookup_elem(&flows, &number);
    return !flow->is_initiator && !(reverse && reverse->tcp & TCP_SYN);
}

static __always_inline bool closes(const struct flow_slot *flow, const struct packet *reset)
{
    __u32 number = flow->reverse;
    const struct flow_slot *reverse = bpf_map_lookup_elem(&flows, &number);
    __u8 answered = reverse ? reverse->tcp : 0;
    if (flow->tcp && reset->tcp_sequence == flow->tcp_end)
        return true;
    if (reverse && answered & TCP_ACKNOWLEDGED && reset->tcp_sequence == reverse->tcp_ack)
        return true;
    if (flow->tcp)
        return false;
    return !reverse || !answered || (reset->tcp_flags & TCP_FLAG_ACKNOWLEDGMENT && reset->tcp_acknowledgment == reverse->tcp_end);
}

static __always_inline void follow_segment(struct flow_slot *flow, const struct packet *packet)
{
    __u8 flags = packet->tcp_flags;
    bool is_syn = flags & TCP_FLAG_SYN;
    __u32 data = packet->total_length - IPV4_SIZE - packet->tcp_header_length;
    __u32 end = packet->tcp_sequence + data + is_syn + (flags & TCP_FLAG_FIN ? 1 : 0);
    if (is_syn || !flow->tcp || (__s32)(end - flow->tcp_end) > 0)
        flow->tcp_end = end;
    if (is_syn)
        flow->tcp_scale = packet->tcp_scale;
    if (flags & TCP_FLAG_ACKNOWLEDGMENT)
        flow->tcp_ack = packet->tcp_acknowledgment;
    flow->tcp_window = packet->tcp_window;
    advance(flow, (is_syn ? TCP_SYN : 0) | (flags & TCP_FLAG_ACKNOWLEDGMENT ? TCP_ACKNOWLEDGED : 0) | (flags & TCP_FLAG_FIN ? TCP_FIN : 0));
}

static __always_inline void follow_tcp(struct flow_slot *flow, const struct packet *packet)
{
    if (packet->key.protocol != PROTOCOL_TCP || flow->key.kind == FLOW_STATELESS)
        return;
    if (!(packet->tcp_flags & TCP_FLAG_RESET))
        follow_segment(flow, packet);
    else if (closes(flow, packet))
        advance(flow, TCP_RESET);
}
