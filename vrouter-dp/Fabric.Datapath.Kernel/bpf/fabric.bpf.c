/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel's share of the data plane: programs of the traffic control ingress hook that finish the packets of flows whose verdict
 * fabric-dp has put into the shared memory, and hand it all others.
 */
#include "uplink_ingress.h"
#include "vif_ingress.h"

static __always_inline const struct host_slot *settings_of_host(void)
{
    __u32 zero = 0;
    return bpf_map_lookup_elem(&host, &zero);
}

/* A frame of a device without a vif never reaches the host's own stack. */
SEC("tc")
int vif_ingress(struct __sk_buff *skb)
{
    __u32 device_number = skb->ifindex;
    struct device_slot *device = bpf_map_lookup_elem(&devices, &device_number);
    const struct host_slot *settings = settings_of_host();
    if (!device || device->role != DEVICE_VIF || !settings)
        return drop(skb, FABRIC_NO_VIF, DROP_UNKNOWN_VIF);
    struct vif_slot *vif = vif_at(device->vif);
    return vif ? pass_frame(skb, device->vif, vif, settings) : drop(skb, FABRIC_NO_VIF, DROP_UNKNOWN_VIF);
}

SEC("tc")
int uplink_ingress(struct __sk_buff *skb)
{
    const struct host_slot *settings = settings_of_host();
    if (!settings || !is_tunnel(skb, settings)) {
        report(skb, REPORT_PASS, 0, 0, 0);
        return TC_ACT_UNSPEC;
    }
    return pass_tunnel(skb, settings);
}

/* The contract's types that no map names: here they get into BTF. Nobody loads the section. */
#define TYPE_OF_CONTRACT SEC("contract") __attribute__((unused))
struct punt_header *punt_header_type TYPE_OF_CONTRACT;
struct punt_frame *punt_frame_type TYPE_OF_CONTRACT;
enum drop_reason drop_reason_type TYPE_OF_CONTRACT;

char license_of_programs[] SEC("license") = "Apache-2.0";
