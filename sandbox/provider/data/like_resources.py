"""The data sources that tell what a resource of the same type is."""

from __future__ import annotations

# Those that tell labels only where somebody says them, and so none.
WITHOUT_LABELS = frozenset(
    (
        "google_bigquery_dataset",
        "google_certificate_manager_certificate_map",
        "google_compute_ha_vpn_gateway",
        "google_storage_bucket",
    )
)
# Type → its arguments, `!` behind those that are required.
LIKE_RESOURCE: dict[str, str] = {
    "google_artifact_registry_repository": "location! repository_id! project",
    "google_bigquery_dataset": "dataset_id! project",
    "google_bigquery_table": "dataset_id! table_id! project",
    "google_certificate_manager_certificate_map": "name! project",
    "google_certificate_manager_dns_authorization": "domain! location name! project",
    "google_cloud_run_service": "name! location! project",
    "google_cloud_run_v2_job": "name! location project",
    "google_cloud_run_v2_service": "name! location project",
    "google_cloud_run_v2_worker_pool": "location name! project",
    "google_cloudfunctions2_function": "location! name! project",
    "google_compute_backend_bucket": "name! project",
    "google_compute_backend_service": "name! project",
    "google_compute_disk": "name! project zone",
    "google_compute_forwarding_rule": "name! project region",
    "google_compute_global_forwarding_rule": "name! project",
    "google_compute_ha_vpn_gateway": "name! project region",
    "google_compute_health_check": "name! project",
    "google_compute_instance": "name self_link project zone",
    "google_compute_instance_template": "name self_link_unique project",
    "google_compute_region_backend_service": "name! project region",
    "google_compute_region_disk": "name! project region",
    "google_compute_region_ssl_certificate": "name! project region",
    "google_compute_region_ssl_policy": "name! project region",
    "google_compute_region_target_http_proxy": "name! project region",
    "google_compute_region_target_https_proxy": "name! project region",
    "google_compute_resource_policy": "name! project region",
    "google_compute_router": "name! network! region project",
    "google_compute_router_nat": "name! router! region project",
    "google_compute_service_attachment": "name! project region",
    "google_compute_ssl_certificate": "name! project",
    "google_compute_ssl_policy": "name! project",
    "google_compute_target_http_proxy": "name! project",
    "google_compute_target_https_proxy": "name! project",
    "google_iam_workload_identity_pool": "workload_identity_pool_id! project",
    "google_iam_workload_identity_pool_provider": (
        "workload_identity_pool_id! workload_identity_pool_provider_id! project"
    ),
    "google_kms_autokey_config": "folder!",
    "google_kms_crypto_key": "key_ring! name!",
    "google_kms_key_handle": "location! name! project",
    "google_kms_key_ring": "location! name! project",
    "google_organization_iam_custom_role": "org_id! role_id!",
    "google_privileged_access_manager_entitlement": "entitlement_id parent location",
    "google_project_iam_custom_role": "project role_id!",
    "google_project_service": "project service!",
    "google_pubsub_subscription": "name! project",
    "google_pubsub_topic": "name! project",
    "google_redis_instance": "name! project region",
    "google_secret_manager_regional_secret": "location! project secret_id!",
    "google_secret_manager_secret": "secret_id! project",
    "google_spanner_database": "instance! name! project",
    "google_spanner_instance": "config display_name name! project",
    "google_sql_database": "instance! name! project",
    "google_sql_database_instance": "name! project",
    "google_storage_bucket": "name! project",
    "google_storage_bucket_object": "bucket name",
    "google_vpc_access_connector": "name! region project",
}
