/* SPDX-License-Identifier: Apache-2.0 */
/* What a run decided, left in skb->cb for a test run, which executes no redirect: kind, detail, device, neighbour. */
#pragma once

#include <linux/bpf.h>

#include "config.h"

enum report_kind { REPORT_PASS = 1, REPORT_DROP = 2, REPORT_DELIVER = 3, REPORT_TUNNEL = 4, REPORT_PUNT_RING = 5, REPORT_PUNT_DEVICE = 6 };

static __always_inline void report(struct __sk_buff *skb, enum report_kind kind, __u32 detail, __u32 device, __u32 neighbour)
{
    if (config.reports) {
        skb->cb[0] = kind;
        skb->cb[1] = detail;
        skb->cb[2] = device;
        skb->cb[3] = neighbour;
    }
}
