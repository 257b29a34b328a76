# Each kind by itself: what comes after one of them would wait for all that a common value names.
locals {
  schemas_by_id       = { for id, schema in google_pubsub_schema.this : id => "projects/${schema.project}/schemas/${schema.name}" }
  topics_by_id        = { for id, topic in google_pubsub_topic.this : id => "projects/${topic.project}/topics/${topic.name}" }
  subscriptions_by_id = { for id, subscription in google_pubsub_subscription.this : id => "projects/${subscription.project}/subscriptions/${subscription.name}" }
}

output "ids" {
  description = "Full names of the schemas, topics and subscriptions (projects/PROJECT/topics/TOPIC), by kind and id."
  value = {
    schemas       = local.schemas_by_id
    topics        = local.topics_by_id
    subscriptions = local.subscriptions_by_id
  }
  depends_on = [google_pubsub_schema_iam_member.this, google_pubsub_topic_iam_member.this, google_pubsub_subscription_iam_member.this, google_pubsub_topic_iam_member.dead_letter, google_pubsub_subscription_iam_member.dead_letter, google_bigquery_table_iam_member.delivery, google_storage_bucket_iam_member.delivery, google_storage_bucket_iam_member.ingestion]
}

output "names" {
  description = "Names of the schemas, topics and subscriptions, by kind and id."
  value = {
    schemas       = { for id, schema in google_pubsub_schema.this : id => schema.name }
    topics        = { for id, topic in google_pubsub_topic.this : id => topic.name }
    subscriptions = { for id, subscription in google_pubsub_subscription.this : id => subscription.name }
  }
  depends_on = [google_pubsub_schema_iam_member.this, google_pubsub_topic_iam_member.this, google_pubsub_subscription_iam_member.this, google_pubsub_topic_iam_member.dead_letter, google_pubsub_subscription_iam_member.dead_letter, google_bigquery_table_iam_member.delivery, google_storage_bucket_iam_member.delivery, google_storage_bucket_iam_member.ingestion]
}

output "parents" {
  description = "Ids of the topics by their full names; the id of one that is replaced is unknown until it is there again. For the parents of other calls."
  value       = { for topic in google_pubsub_topic.this : "projects/${topic.project}/topics/${topic.name}" => topic.id }
}

output "schemas" {
  description = "Full names of the schemas by id, once they are granted. For what comes after schemas alone."
  value       = local.schemas_by_id
  depends_on  = [google_pubsub_schema_iam_member.this]
}

output "topics" {
  description = "Full names of the topics by id, once they are granted. For what comes after topics alone."
  value       = local.topics_by_id
  depends_on  = [google_pubsub_topic_iam_member.this, google_pubsub_topic_iam_member.dead_letter]
}

output "subscriptions" {
  description = "Full names of the subscriptions by id, once they are granted. For what comes after subscriptions alone."
  value       = local.subscriptions_by_id
  depends_on  = [google_pubsub_subscription_iam_member.this, google_pubsub_subscription_iam_member.dead_letter]
}
