/* SPDX-License-Identifier: Apache-2.0 */
/* How far a TCP connection has come (RFC 9293 section 3.3.2), as its flow entries remember it. */
#pragma once

#include "flow.h"
#include "parse.h"

/* A SYN that opens a connection: of an entry that is there, only C# can tell a repetition from a new connection. */
static __always_inline bool opens_connection(const struct packet *packet)
{
    return (packet->tcp_flags & (TCP_FLAG_SYN | TCP_FLAG_ACKNOWLEDGMENT | TCP_FLAG_RESET)) == TCP_FLAG_SYN;
}

static __always_inline void follow_tcp(struct flow_slot *flow, const struct packet *packet)
{
    __u8 flags = packet->tcp_flags;
    __u8 progress = (flags & TCP_FLAG_SYN ? TCP_SYN : 0) | (flags & TCP_FLAG_ACKNOWLEDGMENT ? TCP_ACKNOWLEDGED : 0) |
        (flags & TCP_FLAG_FIN ? TCP_FIN : 0) | (flags & TCP_FLAG_RESET ? TCP_RESET : 0);
    if (progress & ~flow->tcp)
        flow->tcp |= progress;
}
