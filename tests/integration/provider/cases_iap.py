"""Identity-Aware Proxy: tunnels, groups of destinations, and who may pass to what."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_ACCESSOR, _TUNNELS = "roles/iap.httpsResourceAccessor", "roles/iap.tunnelResourceAccessor"
# Each kind's arguments, with NAME for what tells one target from another, and its role. A target needs not be there.
_TARGETS = {
    "google_iap_tunnel": ('project = "PROJECT-NAME"', _TUNNELS),
    "google_iap_tunnel_instance": ('zone = "asia-south1-a"\n  instance = "NAME"', _TUNNELS),
    "google_iap_tunnel_dest_group": (
        'region = "asia-south1"\n  dest_group = google_iap_tunnel_dest_group.NAME.group_name',
        _TUNNELS,
    ),
    "google_iap_web": ('project = "PROJECT-NAME"', _ACCESSOR),
    "google_iap_web_type_compute": ('project = "PROJECT-NAME"', _ACCESSOR),
    "google_iap_web_region_backend_service": (
        'region = "asia-south1"\n  web_region_backend_service = "NAME"',
        _ACCESSOR,
    ),
    "google_iap_web_forwarding_rule_service": ('forwarding_rule_service_name = "NAME"', _ACCESSOR),
    "google_iap_web_region_forwarding_rule_service": (
        'region = "asia-south1"\n  forwarding_rule_region_service_name = "NAME"',
        _ACCESSOR,
    ),
}
_GRANTS = {
    "member": '  role = "ROLE"\n  member = "user:ann@example.com"\n',
    "binding": '  role = "ROLE"\n  members = ["user:ann@example.com"]\n',
    "policy": '  policy_data = jsonencode({ bindings = [{ role = "ROLE", members = ["user:ann@example.com"] }] })\n',
}
_GROUPS = "".join(
    f"""
resource "google_iap_tunnel_dest_group" "{name}" {{
  region     = "asia-south1"
  group_name = "{name}-group"
  cidrs      = ["10.1.0.0/16", "192.168.0.0/24"]
  fqdns      = ["db.example.com", "*.internal.example.com"]
}}
"""
    for name in _GRANTS
)
_FIRST = _GROUPS + "".join(
    f'resource "{kind}_iam_{ending}" "g" {{\n  {target.replace("NAME", ending)}\n{grant.replace("ROLE", role)}}}\n'
    for ending, grant in _GRANTS.items()
    for kind, (target, role) in _TARGETS.items()
)
IAP = Case(
    "identity-aware proxy",
    first=_FIRST,
    second=_FIRST.replace('["user:ann@example.com"]', '["user:ann@example.com", "user:bob@example.com"]').replace(
        ', "192.168.0.0/24"]', "]"
    ),
    updated=frozenset(
        (
            *(f"google_iap_tunnel_dest_group.{name}" for name in _GRANTS),
            *(f"{kind}_iam_{ending}.g" for kind in _TARGETS for ending in ("binding", "policy")),
        )
    ),
    replaced=(("binding-group", "other-group", "google_iap_tunnel_dest_group.binding"),),
    imports={
        "google_iap_tunnel_dest_group.member": "asia-south1/member-group",
        "google_iap_tunnel_instance_iam_member.g": "projects/PROJECT/iap_tunnel/zones/asia-south1-a/instances/member "
        f"{_TUNNELS} user:ann@example.com",
        "google_iap_web_iam_binding.g": f"projects/PROJECT-binding/iap_web {_ACCESSOR}",
        "google_iap_web_region_backend_service_iam_policy.g": "projects/PROJECT/iap_web/compute-asia-south1/services/"
        "policy",
    },
)
CASES = [IAP]
