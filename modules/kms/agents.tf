locals {
  number = coalesce(var.project_number, "unknown")

  # Each product's own agent in the project.
  agents = {
    artifact_registry = "service-${local.number}@gcp-sa-artifactregistry"
    bigquery          = "bq-${local.number}@bigquery-encryption"
    pubsub            = "service-${local.number}@gcp-sa-pubsub"
    redis             = "service-${local.number}@cloud-redis"
    run               = "service-${local.number}@serverless-robot-prod"
    secret_manager    = "service-${local.number}@gcp-sa-secretmanager"
    sql               = "service-${local.number}@gcp-sa-cloud-sql"
    storage           = "service-${local.number}@gs-project-accounts"
    workflows         = "service-${local.number}@gcp-sa-workflows"
  }
}

# The products' own agents, which encrypt and decrypt what the products store.
resource "google_kms_crypto_key_iam_member" "used_by" {
  for_each = merge([
    for id, key in var.kms_keys : { for product in key.used_by : "${id}/${product}" => { key = id, product = product } }
  ]...)

  crypto_key_id = google_kms_crypto_key.this[each.value.key].id
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = "serviceAccount:${local.agents[each.value.product]}.iam.gserviceaccount.com"
}
