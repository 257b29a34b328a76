output "ids" {
  description = "Full names of the datasets (by id), tables, views and materialized views (by DATASET/ID): projects/PROJECT/datasets/DATASET[/tables/ID]."
  value = {
    datasets = { for id, dataset in google_bigquery_dataset.this : id => "projects/${dataset.project}/datasets/${dataset.dataset_id}" }
    tables = {
      for key, table in google_bigquery_table.table :
      key => "projects/${table.project}/datasets/${table.dataset_id}/tables/${table.table_id}"
    }
    views = {
      for key, view in google_bigquery_table.view :
      key => "projects/${view.project}/datasets/${view.dataset_id}/tables/${view.table_id}"
    }
    materialized_views = {
      for key, view in google_bigquery_table.materialized_view :
      key => "projects/${view.project}/datasets/${view.dataset_id}/tables/${view.table_id}"
    }
  }
  depends_on = [
    google_bigquery_dataset_iam_member.this, google_bigquery_table_iam_member.table, google_bigquery_table_iam_member.view,
    google_bigquery_table_iam_member.materialized_view,
    google_bigquery_row_access_policy.this,
  ]
}

output "names" {
  description = "Names of the datasets (by id), tables, views and materialized views (by DATASET/ID) as SQL writes them: DATASET[.ID]."
  value = {
    datasets           = { for id, dataset in google_bigquery_dataset.this : id => dataset.dataset_id }
    tables             = { for key, table in google_bigquery_table.table : key => "${table.dataset_id}.${table.table_id}" }
    views              = { for key, view in google_bigquery_table.view : key => "${view.dataset_id}.${view.table_id}" }
    materialized_views = { for key, view in google_bigquery_table.materialized_view : key => "${view.dataset_id}.${view.table_id}" }
  }
  depends_on = [
    google_bigquery_dataset_iam_member.this, google_bigquery_table_iam_member.table, google_bigquery_table_iam_member.view,
    google_bigquery_table_iam_member.materialized_view,
    google_bigquery_row_access_policy.this,
  ]
}
