output "ids" {
  description = "Full names of the datasets (by id), tables, external tables, views, materialized views and routines (by DATASET/ID): projects/PROJECT/datasets/DATASET[/tables/ID]."
  value = {
    datasets = { for id, dataset in google_bigquery_dataset.this : id => "projects/${dataset.project}/datasets/${dataset.dataset_id}" }
    tables = {
      for key, table in local.made :
      key => "projects/${table.project}/datasets/${local.tables[key].dataset}/tables/${table.table_id}"
    }
    external_tables = {
      for key, table in google_bigquery_table.external :
      key => "projects/${table.project}/datasets/${local.external_tables[key].dataset}/tables/${table.table_id}"
    }
    views = {
      for key, view in google_bigquery_table.view :
      key => "projects/${view.project}/datasets/${local.views[key].dataset}/tables/${view.table_id}"
    }
    materialized_views = {
      for key, view in google_bigquery_table.materialized_view :
      key => "projects/${view.project}/datasets/${local.materialized_views[key].dataset}/tables/${view.table_id}"
    }
    routines = {
      for key, routine in merge(google_bigquery_routine.function, google_bigquery_routine.procedure) :
      key => "projects/${routine.project}/datasets/${local.routines[key].dataset}/routines/${routine.routine_id}"
    }
  }
  depends_on = [
    google_bigquery_dataset_iam_member.this, google_bigquery_table_iam_member.table, google_bigquery_table_iam_member.external, google_bigquery_table_iam_member.view,
    google_bigquery_table_iam_member.materialized_view,
    google_bigquery_row_access_policy.this, google_bigquery_routine_iam_member.function, google_bigquery_routine_iam_member.procedure,
    google_bigquery_dataset_access.view, google_bigquery_dataset_access.dataset, google_bigquery_dataset_access.routine,
  ]
}

output "names" {
  description = "Names of the datasets (by id), tables, external tables, views, materialized views and routines (by DATASET/ID) as SQL writes them: DATASET[.ID]."
  value = {
    datasets           = { for id, dataset in google_bigquery_dataset.this : id => dataset.dataset_id }
    tables             = { for key, table in local.made : key => "${local.tables[key].dataset}.${table.table_id}" }
    external_tables    = { for key, table in google_bigquery_table.external : key => "${local.external_tables[key].dataset}.${table.table_id}" }
    views              = { for key, view in google_bigquery_table.view : key => "${local.views[key].dataset}.${view.table_id}" }
    materialized_views = { for key, view in google_bigquery_table.materialized_view : key => "${local.materialized_views[key].dataset}.${view.table_id}" }
    routines = {
      for key, routine in merge(google_bigquery_routine.function, google_bigquery_routine.procedure) : key => "${local.routines[key].dataset}.${routine.routine_id}"
    }
  }
  depends_on = [
    google_bigquery_dataset_iam_member.this, google_bigquery_table_iam_member.table, google_bigquery_table_iam_member.external, google_bigquery_table_iam_member.view,
    google_bigquery_table_iam_member.materialized_view,
    google_bigquery_row_access_policy.this, google_bigquery_routine_iam_member.function, google_bigquery_routine_iam_member.procedure,
    google_bigquery_dataset_access.view, google_bigquery_dataset_access.dataset, google_bigquery_dataset_access.routine,
  ]
}

output "parents" {
  description = "Ids of the datasets, tables, views and routines by their full names; the id of one that is replaced is unknown until it is there again. For the parents of other calls."
  value = merge(
    { for dataset in google_bigquery_dataset.this : "projects/${dataset.project}/datasets/${dataset.dataset_id}" => dataset.id },
    { for key, table in local.made : "projects/${table.project}/datasets/${local.tables[key].dataset}/tables/${table.table_id}" => table.id },
    {
      for key, table in google_bigquery_table.external :
      "projects/${table.project}/datasets/${local.external_tables[key].dataset}/tables/${table.table_id}" => table.id
    },
    local.readers,
  )
}
