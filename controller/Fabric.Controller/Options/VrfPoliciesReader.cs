using Fabric.Hosting.Configuration;
using Fabric.Primitives;

namespace Fabric.Controller.Options;

/// <summary>
/// The section vrf-policies. A VRF need not be there: its policies hold when it comes.
/// <code>
/// vrf-policies:
///   - { vrf: "default-domain:acme:red:red", import-policy: [partners], export-policy: [hosts-only] }
/// </code>
/// </summary>
internal static class VrfPoliciesReader
{
    public static EquatableArray<VrfPolicyOptions> Read(OptionsFile file, PolicyNames policies)
    {
        var read = new List<VrfPolicyOptions>();
        foreach (var section in file.Sections("vrf-policies"))
        {
            var vrf = section.Required<string>("vrf", OptionValues.Text, "a VRF's full name, such as default-domain:acme:red:red");
            if (read.Exists(other => other.Vrf == vrf))
            {
                section.Reject("vrf", $"{vrf} stands here twice");
            }

            var (import, export) = (policies.ReadChain(section, "import-policy", []), policies.ReadChain(section, "export-policy", []));
            if (vrf is not null)
            {
                read.Add(new VrfPolicyOptions(vrf, import, export));
            }
        }

        return [.. read];
    }
}
