"""The tables of data sources of what is above projects, of projects by a filter, and of roles."""

from __future__ import annotations

# Type → service, id, fields.
ABOVE: dict[str, tuple[str, str, str]] = {
    "google_active_folder": (
        "cloudresourcemanager/v3",
        "{name}",
        """
display_name string required
parent string required
api_method string values=LIST|SEARCH
name string computed
""",
    ),
    "google_folder": (
        "cloudresourcemanager/v3",
        "{name}",
        """
folder string required
lookup_organization bool
configured_capabilities list(string) computed
create_time string computed
deletion_policy string computed
deletion_protection bool computed
display_name string computed
folder_id string computed
lifecycle_state string computed api=state
management_project string computed
name string computed
organization string computed
parent string computed
""",
    ),
    "google_folders": (
        "cloudresourcemanager/v3",
        "{parent_id}",
        """
parent_id string required
folders list computed
  create_time string computed
  delete_time string computed
  display_name string computed
  etag string computed
  name string computed
  parent string computed
  state string computed
  update_time string computed
""",
    ),
    "google_iam_role": (
        "iam/v1",
        "{name}",
        """
name string required
included_permissions list(string) computed
stage string computed
title string computed
""",
    ),
    "google_organization": (
        "cloudresourcemanager/v1",
        "{name}",
        """
domain string optional computed conflicts=organization
organization string conflicts=domain
create_time string computed
directory_customer_id string computed
lifecycle_state string computed
name string computed
org_id string computed
""",
    ),
    "google_projects": (
        "cloudresourcemanager/v1",
        "{filter}",
        """
filter string required
projects list computed
  create_time string computed
  labels map(string) computed
  lifecycle_state string computed
  name string computed
  number string computed
  parent map(string) computed
  project_id string computed
""",
    ),
}
