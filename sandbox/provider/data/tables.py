"""The tables of data sources.

Most tell what a resource of the same type is: such a table names the arguments, and every other field is the
resource's, set by the server. The rest have fields of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sandbox.provider.data import sql
from sandbox.provider.data.like_resources import LIKE_RESOURCE
from sandbox.provider.data.modules import MODULES
from sandbox.provider.data.tables_above import ABOVE
from sandbox.provider.fields import Field, parse_fields
from sandbox.provider.policies import is_policy
from sandbox.provider.table import ResourceType

_OWN: dict[str, tuple[str, str, str]] = {  # type → service, id, fields
    "google_client_config": (
        "iam/v1",
        "projects/{project}/regions/{region}/zones/{zone}",
        """
access_token string computed sensitive
default_labels map(string) computed
project string computed
region string computed
zone string computed
""",
    ),
    "google_netblock_ip_ranges": (
        "cloudresourcemanager/v1",
        "netblock-ip-ranges-{range_type}",
        """
range_type string
cidr_blocks list(string) computed
cidr_blocks_ipv4 list(string) computed
cidr_blocks_ipv6 list(string) computed
""",
    ),
    "google_project": (
        "cloudresourcemanager/v1",
        "projects/{project_id}",
        """
project_id string
auto_create_network bool computed
billing_account string computed
deletion_policy string computed
effective_labels map(string) computed
folder_id string computed
labels map(string) computed
name string computed
number string computed
org_id string computed
tags map(string) computed
terraform_labels map(string) computed
""",
    ),
    "google_service_account": (
        "iam/v1",
        "projects/{project}/serviceAccounts/{email}",
        """
account_id string required
project string
disabled bool computed
display_name string computed
email string computed
member string computed
name string computed
unique_id string computed
""",
    ),
    "google_storage_project_service_account": (
        "storage/v1",
        "{email_address}",
        """
project string optional computed
user_project string
email_address string computed
member string computed
""",
    ),
    "google_bigquery_default_service_account": (
        "bigquery/v2",
        "{email}",
        """
project string optional computed
email string computed
member string computed
""",
    ),
    "google_compute_network": (
        "compute/v1",
        "projects/{project}/global/networks/{name}",
        """
name string optional computed
project string optional computed
self_link string optional computed
network_profile string
description string computed
gateway_ipv4 string computed
internal_ipv6_range string computed
network_id number computed
numeric_id string computed deprecated
subnetworks_self_links list(string) computed
""",
    ),
    "google_compute_image": (
        "compute/v1",
        "projects/{project}/global/images/{name}",
        """
family string optional computed
filter string
most_recent bool
name string optional computed
project string optional computed
archive_size_bytes number computed
creation_timestamp string computed
description string computed
disk_size_gb number computed
image_encryption_key_sha256 string computed
image_id string computed api=id
label_fingerprint string computed
labels map(string) computed
licenses list(string) computed
self_link string computed
source_disk string computed
source_disk_encryption_key_sha256 string computed
source_disk_id string computed
source_image_id string computed
status string computed
""",
    ),
    "google_compute_regions": (
        "compute/v1",
        "projects/{project}",
        """
project string optional computed
status string values=UP|DOWN
names list(string) computed
""",
    ),
    "google_compute_subnetwork": (
        "compute/v1",
        "projects/{project}/regions/{region}/subnetworks/{name}",
        """
name string
project string optional computed
region string optional computed
self_link string optional computed
description string computed
external_ipv6_prefix string computed
gateway_address string computed
internal_ipv6_prefix string computed
ip_cidr_range string computed
ipv6_access_type string computed
network string computed
private_ip_google_access bool computed
secondary_ip_range list computed api=secondaryIpRanges
  ip_cidr_range string computed
  range_name string computed
stack_type string computed
subnetwork_id number computed
""",
    ),
    "google_compute_zones": (
        "compute/v1",
        "projects/{project}/regions/{region}",
        """
project string optional computed
region string
status string values=UP|DOWN
names list(string) computed
""",
    ),
    "google_compute_default_service_account": (
        "compute/v1",
        "{name}",
        """
project string optional computed
display_name string computed
email string computed
member string computed
name string computed
unique_id string computed
""",
    ),
    "google_iam_policy": (
        "iam/v1",
        "",
        """
policy_data string computed
binding set
  members set(string) required
  role string required
  condition list[1]
    expression string required
    title string required
    description string
audit_config set
  service string required
  audit_log_configs set[1..] required
    log_type string required
    exempted_members set(string)
""",
    ),
}
# Type → arguments that the resource hasn't.
_CHOSEN = parse_fields("filter string\nmost_recent bool")
_BESIDES = dict.fromkeys(
    ("google_compute_instance_template", "google_compute_region_instance_template", "google_compute_snapshot"), _CHOSEN
)
# These have an id that only the server sets; elsewhere it may be given, to no effect.
COMPUTED_ID = frozenset(
    {
        "google_client_config",
        "google_compute_network_attachment",
        "google_compute_reservation",
        "google_dns_managed_zone",
        "google_dns_managed_zones",
    }
)


def data_sources(resources: Mapping[str, ResourceType]) -> dict[str, ResourceType]:
    """Every data source by name."""
    tables = [table for tables in (_OWN, ABOVE, *(module.TABLES for module in MODULES)) for table in tables.items()]
    own = {name: ResourceType(name, service, name, id, parse_fields(text)) for name, (service, id, text) in tables}
    of_sql = own["google_sql_database_instances"].fields
    of_sql["instances"] = sql.instances(_told_all(resources["google_sql_database_instance"].fields))
    like = {name: _like(resources[name], arguments.split()) for name, arguments in LIKE_RESOURCE.items()}
    policies = {name: _policy(kind) for name, kind in resources.items() if is_policy(kind)}
    return own | like | policies


def _like(resource: ResourceType, arguments: Sequence[str]) -> ResourceType:
    wanted = {argument.rstrip("!?"): argument.endswith("!") for argument in arguments}
    either = {argument.rstrip("?") for argument in arguments if argument.endswith("?")}
    fields = _told_all(resource.fields)
    for name, required in wanted.items():
        fields[name] = replace(fields[name], required=required, optional=not required, computed=name in either)
    fields |= _BESIDES.get(resource.name, {})
    return replace(resource, fields=fields, timeouts=(), version=0)


def _policy(resource: ResourceType) -> ResourceType:
    """A whole policy as it stands."""
    fields = {**resource.fields, "policy_data": _told(resource.fields["policy_data"])}
    return replace(resource, fields=fields, timeouts=())


def _told_all(fields: Mapping[str, Field]) -> dict[str, Field]:
    return {name: _told(field) for name, field in fields.items()}


def _told(field: Field) -> Field:
    """A field that only the server sets."""
    return replace(
        field,
        required=False,
        optional=False,
        computed=True,
        unread=field.unread or field.write_only,
        sensitive=False,
        write_only=False,
        deprecated=False,
        forces_new=False,
        default=None,
        min_items=0,
        max_items=field.max_items,
        fields=_told_all(field.fields),
        conflicts=(),
        exactly_one=(),
        at_least_one=(),
        required_with=(),
    )
