/* SPDX-License-Identifier: Apache-2.0 */
/* Constants that the loader sets before the programs are verified. In a section of their own: compilers put constants of theirs into .rodata. */
#pragma once

#include <linux/types.h>

#include <bpf/bpf_helpers.h>

struct config {
    __u32 vifs;    /* vif slots, for the lanes of vif_counters */
    __u32 reports; /* each run leaves what it decided in skb->cb: for tests, which see no redirect */
};

const volatile struct config config SEC(".rodata.config") = {};
