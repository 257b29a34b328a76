output "metrics" {
  description = "Types of the metrics (logging.googleapis.com/user/METRIC), by id."
  value       = { for id, metric in google_logging_metric.this : id => "logging.googleapis.com/user/${metric.name}" }
}

output "sinks" {
  description = "Who writes for each sink, by id."
  value       = { for id, sink in google_logging_project_sink.this : id => sink.writer_identity }
  depends_on  = [google_bigquery_dataset_iam_member.writer, google_storage_bucket_iam_member.writer, google_pubsub_topic_iam_member.writer]
}

output "buckets" {
  description = "Full names of the log buckets, by id."
  value       = { for id, bucket in google_logging_project_bucket_config.this : id => bucket.id }
}
