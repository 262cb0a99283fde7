/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What fabric-dp and its kernel programs share, byte for byte: Fabric.Datapath/Shared has the same in C#.
 * Addresses and ports are numbers in host order, as the C# pipeline has them, unless "network order" is said.
 */
#pragma once

#include <linux/types.h>

/* Pinned maps of another layout are not taken over. */
#define FABRIC_LAYOUT_VERSION 5

#define FABRIC_NO_VIF 0xFFFFFFFFu

/* An array map's elements are at least 8 bytes wide, so dense words (labels, flow index) lie in elements of 16. */
#define WORDS_OF_BLOCK 16

struct word_block {
    __u32 words[WORDS_OF_BLOCK];
};

/* Who sent a packet, by device: an element of `devices`, by interface index. */
enum device_role { DEVICE_NONE = 0, DEVICE_VIF = 1, DEVICE_UPLINK = 2 };

struct device_slot {
    __u32 role;
    __u32 vif; /* of DEVICE_VIF */
};

enum vif_flags {
    VIF_PRESENT = 1,      /* the slot holds a vif */
    VIF_PEER = 2,         /* a veth whose other end is in another namespace: bpf_redirect_peer */
};

struct vif_slot {
    __u64 changed_at;     /* last change of the vif, its VRF or its access lists; stored before the rest, so load it after */
    __u32 next_hop;       /* key of its flows */
    __u32 device;         /* interface index; 0: not attached */
    __u8 mac[6];
    __u8 flags;           /* vif_flags */
    __u8 reserved0;
    __u32 miss_rate;      /* packets a second of the vif, and from the underlay to it, that may begin a connection or come up; 0: no limit */
    __u32 flows;          /* flow slots that count against its limit; written under the lock of the flow table */
    __u64 miss_bucket;    /* written by the programs: bits 0-31: thousandths of a miss; 32-63: when they were filled, in milliseconds; 0: new */
    __u64 underlay_bucket; /* the same of packets from the underlay */
    __u32 stateless_lengths; /* of the blocks of its stateless entries */
    __u32 reserved1[3];
};

enum next_hop_kind { NEXT_HOP_DISCARD = 0, NEXT_HOP_INTERFACE = 1, NEXT_HOP_TUNNEL = 2, NEXT_HOP_ECMP = 3, NEXT_HOP_RECEIVE = 4 };
enum tunnel_kind { MPLS_OVER_GRE = 0, MPLS_OVER_UDP = 1, VXLAN = 2 };

struct next_hop_slot {
    __u64 changed_at;     /* last change of the next hop or of a member of it; stored before the target, so load it after */
    __u64 target;         /* bits 0-31: vif, or tunnel destination; 32-39: next_hop_kind; 40-47: tunnel_kind */
    __u64 underlay;       /* bits 0-31: neighbour to send to, network order; 32-63: interface index; 0: not resolved */
    __u64 reserved;
};

#define TARGET_NUMBER(t) ((__u32)(t))
#define TARGET_KIND(t) ((__u8)((t) >> 32))
#define TARGET_TUNNEL(t) ((__u8)((t) >> 40))

/* An element of `labels`, by label: the vif that it leads to, plus one; 0: none. */

struct host_slot {
    __u64 seed;           /* of the flow hash */
    __u64 heartbeat;      /* nanoseconds of CLOCK_MONOTONIC, of the worker loop that has not run for the longest */
    __u32 tunnel_source;
    __u32 underlay_mtu;   /* largest IPv4 packet of the underlay */
    __u32 index_mask;     /* places of the flow index, less one */
    __u32 punt_device;    /* interface index of the device for packets that the ring cannot take; 0: none */
    __u64 records;        /* 1: fabric-dp reports sessions */
    __u32 workers;        /* worker loops of fabric-dp, each with a ring in `punts` */
    __u32 miss_rate;      /* packets a second of the underlay that lead to no vif and may come up; 0: no limit */
    __u64 miss_bucket;    /* of those, as a vif's */
    __u64 reserved;
};

enum verdict_action { VERDICT_FORWARD = 0, VERDICT_DROP = 1 };

/* bits 0-1: verdict_action; 2-9: drop reason; 10-29: label; 30-49: leaf next hop; 50-63: zero */
#define VERDICT_ACTION(v) ((__u32)((v) & 3))
#define VERDICT_REASON(v) ((__u32)((v) >> 2 & 0xFF))
#define VERDICT_LABEL(v) ((__u32)((v) >> 10 & 0xFFFFF))
#define VERDICT_NEXT_HOP(v) ((__u32)((v) >> 30 & 0xFFFFF))

enum flow_state { FLOW_FREE = 0, FLOW_IN_USE = 1 };

enum tcp_progress { TCP_SYN = 1, TCP_ACKNOWLEDGED = 2, TCP_FIN = 4, TCP_RESET = 8 };

struct flow_key {
    __u32 next_hop;
    __u32 source;
    __u32 destination;
    __u16 source_port;
    __u16 destination_port;
    __u8 protocol;
    __u8 kind;            /* flow_kind */
    __u8 reserved[2];     /* zero */
};

/* A wide key stands for any port of the side that opens connections, which is 0, and for a span of the other's when that is 0 too. */
enum flow_kind { FLOW_EXACT = 0, FLOW_WIDE = 1, FLOW_WIDE_ANSWER = 2, FLOW_STATELESS = 4 };

enum flow_lock { LOCK_FREE = 0, LOCK_OF_PROGRAM = 1, LOCK_OF_PROCESS = 2 };

/* What is written when the set of flows changes: the one element of `flow_table`. */
struct flow_table {
    __u32 lock;           /* flow_lock; held by whoever changes the set of flows */
    __u32 first_free;     /* where the ring `free_slots` begins */
    __u32 free_count;
    __u32 capacity;       /* elements of `flows`, and of `free_slots` */
    __u32 flows_per_vif;
    __u32 reserved[11];
};

/* A place in the ring of slots that hold no flow, the longest free first. */
struct free_slot {
    __u32 slot;
    __u32 usable_at;      /* tenths of a second of CLOCK_MONOTONIC; it rests when that is within the next hour */
};

/*
 * TCP, per segment that is neither a RST nor a fragment: tcp_end = seq + data + SYN + FIN when that is ahead of it, or the segment is a SYN,
 * or the first of its direction (tcp == 0); tcp_ack = its acknowledgment number, when it has one; tcp_window; tcp_scale of a SYN; then tcp.
 * A RST only sets TCP_RESET, and only when seq == tcp_end (and tcp != 0), or seq == reverse.tcp_ack (and reverse.tcp has
 * TCP_ACKNOWLEDGED), or tcp == 0 and (reverse.tcp == 0 or the RST acknowledges reverse.tcp_end). It is forwarded all the same.
 *
 * MSS: a SYN to or from a tunnel announces at most underlay_mtu - overhead of that tunnel - 40; a partial checksum stays as it is.
 * MPLS over UDP: source port 0xC000 | flow_hash >> 18 of the packet's key, destination port 6635, checksum 0. Outer identification 0, DF, TTL 64.
 */

/* 128 bytes: the first 64 are read for each packet, the other 64 are written. */
struct flow_slot {
    struct flow_key key;  /* 0: 20 bytes */
    __u32 outer_source;   /* 20: host that sends this direction; 0: a local vif does (a tunnel packet from 0.0.0.0 is InvalidSource) */
    __u64 verdict;        /* 24 */
    __u64 validated_at;   /* 32: 0 while the verdict and what belongs to it are being stored; the last store of them */
    __u32 route_next_hop; /* 40: of the route; from the underlay: of the route back to the sender; 0: none */
    __s32 reverse;        /* 44: slot of the other direction; -1: none */
    __u32 vif;            /* 48: whose key the flow is under */
    __u32 destination_vif;/* 52: the local vif that packets go to, there or not; FABRIC_NO_VIF: a tunnel, or none */
    __u8 state;           /* 56: flow_state */
    __u8 is_initiator;    /* 57 */
    __u8 icmp_type;       /* 58 */
    __u8 reserved0;       /* 59 */
    __u32 rewrite;        /* 60: 0: none (room for NAT) */

    __u64 packets;        /* 64 */
    __u64 bytes;          /* 72: of IPv4 packets */
    __u64 last_seen;      /* 80: nanoseconds of CLOCK_MONOTONIC */
    __u64 created_at;     /* 88: nanoseconds of CLOCK_MONOTONIC */
    __u32 tcp_end;        /* 96: sequence number behind the last data of this direction */
    __u32 tcp_ack;        /* 100: last acknowledgment number of this direction: what its sender expects next */
    __u16 tcp_window;     /* 104: last window of this direction, not scaled */
    __u8 tcp;             /* 106: tcp_progress; bits are set by an atomic or on the word at 104 */
    __u8 tcp_scale;       /* 107: window scale of its SYN */
    __u32 rule;           /* 108: number of a rule's name, which fabric-dp knows */
    __u32 ports_or_began; /* 112: of a wide entry: the ports that it stands for, first (bits 0-15) and last; of others: when that connection began */
                          /*      whose counts are the first in earlier_packets: the low bits of milliseconds; 0: none */
    __u32 earlier_packets;/* 116: where sessions are reported: of connections with the same key that ended here and were not reported yet */
    __u64 earlier_bytes;  /* 120 */
};

#define WIDE_FIRST_PORT(p) ((__u16)(p))
#define WIDE_LAST_PORT(p) ((__u16)((p) >> 16))

/*
 * An entry is valid when validated_at is not below the changed_at of vifs[vif], of vifs[destination_vif] unless that is FABRIC_NO_VIF, of
 * next_hops[VERDICT_NEXT_HOP] and of next_hops[route_next_hop] (element 0 never changes; an id above the table is never valid), and
 * outer_source is the packet's.
 */

/*
 * A wide entry says what becomes of all connections from an address to ports of another; its packets are the connections made by it. The
 * pair of a connection has the keys, links, counters and times of its own, and all else of the wide pair; it is made where the wide entry
 * and that of the answers are valid. Whoever makes it counts it in both vifs (vif_slot.flows). An entry for a span that has the port goes
 * before one for the port alone.
 */

/*
 * A stateless entry says what becomes of all packets between two blocks of addresses, where no policy applies. Its key has the first addresses
 * of the blocks, their lengths as ports, protocol 0: of what a vif sends, the sender's address (32) and a block; of what the underlay sends,
 * the sender's block and any address (0). Packets count in it; there is no TCP state, and no other direction. Only fabric-dp adds them.
 * Bit N (0 to 3) of vif_slot.stateless_lengths: there are entries with a block of 8 * (N + 1) bits that the vif sends to; bit 4 + N: that
 * sends to it. A packet whose source is its destination has none.
 */
#define STATELESS_LENGTHS 4
#define STATELESS_OF_VIF(lengths) ((lengths) & 0xF)
#define STATELESS_OF_UNDERLAY(lengths) ((lengths) >> STATELESS_LENGTHS & 0xF)

/* Of a flow's key, whatever its kind; FlowKey.Hash. */
static inline __u32 flow_hash(const struct flow_key *key, __u64 seed)
{
    __u64 mixed = (((__u64)key->source << 32 | key->destination) ^ seed) * 0x9E3779B97F4A7C15ull;

    mixed ^= mixed >> 32;
    mixed ^= (__u64)key->protocol << 56 ^ (__u64)key->next_hop << 32 ^ (__u32)key->source_port << 16 ^ key->destination_port;
    mixed *= 0xD6E8FEB86659FD93ull;
    mixed = (mixed ^ mixed >> 29) * 0xBF58476D1CE4E5B9ull;
    return (__u32)(mixed ^ mixed >> 32);
}

/*
 * The flow index: a slot number plus one in the bits of index_mask, the hash in the others, so that a slot of another key is mostly not read;
 * 0: empty. Linear probing from hash & index_mask; a removal moves later entries back.
 */
#define FLOW_INDEX_PROBES 16

static inline __u32 index_word(__u32 hash, __u32 slot, __u32 index_mask)
{
    return (hash & ~index_mask) | (slot + 1);
}

/* Counters of a lane; a lane is a processor, and those behind the last processor are the workers' of fabric-dp. */
struct vif_counters {     /* element of `vif_counters`: lane * vifs + vif */
    __u64 received_packets;
    __u64 received_bytes;
    __u64 sent_packets;
    __u64 sent_bytes;
};

/* `drops`: lane * 256 + reason, a __u64; `vif_drops`: vif * 64 + reason, a __u64 added to atomically. */

struct cache_counters {   /* element of `cache_counters`, by lane */
    __u64 hits;
    __u64 misses;         /* no entry */
    __u64 stale;          /* an entry that is older than a change */
    __u64 exceptions;     /* packets that only C# handles */
    __u64 punt_lost;      /* ring or punt device full */
    __u64 miss_limited;   /* above the miss rate of a vif, to one, or of what leads to none */
    __u64 made;           /* connections that a program set up by a wide entry */
    __u64 reserved;
};

enum punt_cause { PUNT_MISS = 0, PUNT_STALE = 1, PUNT_EXCEPTION = 2 };

/* A record of a ring of `punts`: this header, then the packet. Frames of vifs begin with their Ethernet header, those of the uplink too. */
struct punt_header {
    __u32 device;         /* interface index that it came in by */
    __u32 length;         /* bytes of the packet, all of them in this record */
    __u32 cause;
    __u32 reserved;
};

/*
 * What stands before a whole frame on the punt device, as an Ethernet header of its own. It has the type of the frame's: so the kernel can cut
 * a large packet of a tunnel, which no device takes whole, behind both headers.
 */
#define PUNT_FRAME_LOCAL 0x02   /* locally administered address */
#define PUNT_FRAME_SOURCE {PUNT_FRAME_LOCAL, 'F', 'a', 'b', 'r', 'i'}

struct punt_frame {
    __u8 local;
    __u8 cause;           /* punt_cause */
    __be32 device;        /* interface index that it came in by */
    __u8 source[6];       /* PUNT_FRAME_SOURCE */
    __be16 type;
} __attribute__((packed));
