"""How the real provider begins an error of the API, by data source: what is read, in words of each one's own."""

from __future__ import annotations

_EDITING = "Error when reading or editing"
BEGINNINGS = {
    "google_artifact_registry_locations": "Error listing Artifact Registry Locations : ",
    "google_artifact_registry_repositories": "Error listing Artifact Registry repositories: ",
    "google_bigquery_datasets": "Error retrieving datasets: ",
    "google_bigquery_tables": "Error retrieving tables: ",
    "google_billing_account": f"{_EDITING} Billing Account Not Found : {{billing_account}}: ",
    "google_cloud_run_locations": "Error listing Cloud Run Locations : ",
    "google_dns_managed_zones": "",
    "google_dns_record_set": f'{_EDITING} dataSourceDnsRecordSet "{{name}}": ',
    "google_dns_record_sets": "error reading DNS Record Sets: ",
    "google_logging_folder_settings": f'{_EDITING} LoggingFolderSettings "": ',
    "google_logging_organization_settings": f'{_EDITING} LoggingOrganizationSettings "": ',
    "google_logging_project_cmek_settings": f'{_EDITING} LoggingProjectCmekSettings "": ',
    "google_logging_project_settings": f'{_EDITING} LoggingProjectSettings "": ',
    "google_logging_sink": f"{_EDITING} Logging Sink : ",
    "google_monitoring_notification_channel": "Error retrieving NotificationChannels: ",
    "google_monitoring_uptime_check_ips": "Error retrieving monitoring uptime check ips: ",
    "google_organization_iam_custom_roles": "Error retrieving organization custom roles: ",
    "google_organizations": "Error retrieving organizations: ",
    "google_project_ancestry": "Error retrieving project ancestry: ",
    "google_project_iam_custom_roles": "Error retrieving project custom roles: ",
    "google_sql_backup_run": "",
    "google_sql_ca_certs": "error retrieving CA certs: ",
    "google_sql_database_instances": "",
    "google_sql_databases": f'{_EDITING} Databases in "{{instance}}" instance: ',
    "google_tags_tag_key": "error reading tag key list: ",
    "google_tags_tag_keys": "error reading tag key list: ",
    "google_tags_tag_value": "error reading tag value list: ",
    "google_tags_tag_values": "error reading tag value list: ",
}
