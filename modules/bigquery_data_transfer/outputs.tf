output "names" {
  description = "The names that Google gave the scheduled queries (projects/NUMBER/locations/LOCATION/transferConfigs/ID), by key."
  value       = { for key, config in google_bigquery_data_transfer_config.query : key => config.name }
}
