"""What two providers left, held against each other: without what the server makes up anew each time."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.integration.provider.root import Root
from tests.integration.provider.test_real_plans import leaves

# What the server makes up anew each time, and what says when something happened.
_MADE_UP = re.compile(
    r"(^|\.)(etag|uid|uri|url|urls\.\d+|unique_id|fingerprint|label_fingerprint|numeric_id|network_id|generated_id|"
    r"subnetwork_id|snapshot_id|image_id|commitment_id|google_reference_id|proxy_id|map_id|backend_service_id|certificate_id|firewall_id|generation|metageneration|"
    r"address_id|gateway_id|forwarding_rule_id|transport\.0\.pubsub\.0\.\w+|security_policy_id|health_check_id|instance_group_manager_id|managed_zone_id|md5hash|md5hexhash|crc32c|media_link|"
    r"(.*_)?(time|timestamp|time_millis|create_time|update_time)|time_created|updated|detect_md5hash|project_number|"
    r"latest_(created|ready)_(revision|execution).*|revision_id|version_id|expiration|address|"
    r"(self_link_)?with_id|(effective_)?reserved_ip_range|read_endpoint|auth_string|ip_address|nat_ip|first_ip_address|private_ip_address|public_ip_address|host|server_ca_cert.*|"
    r"server_ca_certs.*|service_account_email_address|psc_.*|connection_name|creation_record.*|mutation_record.*|secret|access_id|"
    r"private_key|public_key|valid_after|cert|cert_serial_number|"
    # tokens, keys, and what a key encrypted or signed
    r"access_token|id_token|jwt|ciphertext|signed_url|credentials|public_key\.0\.pem|"
    # a version of a service of Cloud Run, and what a revision is called
    r"metadata\.0\.resource_version|status\.0\.traffic\.\d+\.revision_name|"
    # where a sandbox of its own has its services
    r"uri_override\.0\.port|"
    # which build made a function, and what brings its events
    r"build_config\.0\.build|event_trigger\.0\.trigger|"
    # what an authority signed, and where Google would publish it
    r"managed_server_ca.*|pem_(?:ca_)?certificate.*|access_urls.*|subordinate_config\.0\.pem_issuer_chain.*|"
    # IPv6 ranges, of a network and of its subnetworks
    r"internal_ipv6_range|internal_ipv6_prefix|external_ipv6_prefix|ipv6_cidr_range|"
    # what proves a domain
    r"dns_resource_record\.0\.data|state_details|"
    # the account that Google makes for a connection, by a number of its own
    r"(?:cloud_resource|cloud_sql|spark)\.0\.service_account_id)$"
)
# Ids that hold one of these.
_MADE_UP_IDS = re.compile(
    r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b|(?<=/hmacKeys/)GOOG\w+|(?<=/keys/)[0-9a-f]{40}\b|(?<=-storage-bucket-)[0-9a-f]{8}\b|"
    # groups of Cloud Identity, and data sources that are called by the time at which they were read
    r"(?<=groups/)0[0-9a-z]{14}\b|\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ \+0000 UTC|"
    # the account of a project that encrypts what is logged
    r"(?<=\bcmek-p)\d+(?=@)|"
    # data sources that are called by what a key encrypted or signed
    r"(?<=:)CiQA[A-Za-z0-9+/=]+$|^[A-Za-z0-9%]{340,}%3D%3D$|"
    # where an instance of Cloud SQL is reached by Private Service Connect
    r"\b[0-9a-f]{18}p-tp\b|(?<=/a-)[0-9a-f]{12}(?=-psc-)|\b[0-9a-f]{12}\.[0-9a-f]{12}(?=\.[a-z0-9-]+\.sql\.goog)"
)


def differences(embedded: Any, real: Any) -> list[str]:
    """The leaves that differ, a line each."""
    ours, theirs = dict(leaves(embedded)), dict(leaves(real))
    return [
        f"{path}: embedded {ours.get(path, 'nothing')!r}, real {theirs.get(path, 'nothing')!r}"
        for path in sorted({*ours, *theirs})
        if ours.get(path, leaves) != theirs.get(path, leaves)
    ]


def changed(change: dict[str, Any]) -> list[str]:
    """What a planned change changes, a line each."""
    before, after = dict(leaves(change["before"])), dict(leaves(change["after"]))
    return [
        f"{path}: {before.get(path, 'nothing')!r} → {after.get(path, 'nothing')!r}"
        for path in sorted({*before, *after})
        if before.get(path, leaves) != after.get(path, leaves)
    ]


def text_of(value: Any, root: Root) -> str:
    """A value as JSON, the project's name left out."""
    text = json.dumps(value).replace(root.project, "PROJECT")
    return text.replace(root.project.replace("-", "_"), "PROJECT")  # where a hyphen may not stand


def state(root: Root) -> dict[str, dict[str, Any]]:
    """Each resource's attributes, without what differs from one creation to the next."""
    found = {}
    for address, values in root.state().items():
        text = text_of(values, root).replace(str(root.folder), "FOLDER")
        found[address] = {
            path: _without_numbers(value) for path, value in leaves(json.loads(text)) if not _MADE_UP.search(path)
        }
    return found


def _without_numbers(value: Any) -> Any:
    """A text without the numbers and etags that the server made up."""
    if not isinstance(value, str):
        return value
    value = _MADE_UP_IDS.sub("N", value)
    return re.sub(r'\b[0-9a-f]{16,}\b|\b\d{12,}\b|127\.0\.0\.1:\d+|"etag":"[^"]*"', "N", value)


def embedded_over(root: Root, real: Root) -> Root:
    """The embedded provider over the state that the real one left."""
    folder = real.folder.parent / "crossed"
    folder.mkdir(exist_ok=True)
    for name in ("main.tf", "terraform.tfstate"):
        (folder / name).write_bytes((real.folder / name).read_bytes())
    over = Root(folder, root.reattach, real.project)
    over.run("init", "-input=false", "-no-color")
    return over
