output "ids" {
  description = "Full names of the keys (projects/PROJECT/locations/LOCATION/keyRings/RING/cryptoKeys/KEY), by id."
  value = {
    for id, key in google_kms_crypto_key.this :
    id => "projects/${var.project_id}/locations/${local.places[id]}/keyRings/${var.key_ring}/cryptoKeys/${key.name}"
  }
  depends_on = [google_kms_crypto_key_iam_member.this, google_kms_crypto_key_iam_member.used_by]
}

output "names" {
  description = "Key ids, by id."
  value       = { for id, key in google_kms_crypto_key.this : id => key.name }
  depends_on  = [google_kms_crypto_key_iam_member.this, google_kms_crypto_key_iam_member.used_by]
}
