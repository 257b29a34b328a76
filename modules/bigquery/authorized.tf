locals {
  # Full names by "dataset/name": PROJECT/DATASET[/ID] stands for one.
  authorized = {
    for kind, pattern in { views = "tables", datasets = "", routines = "routines" } : kind => merge([
      for id, dataset in var.datasets : {
        for name in dataset.authorized[kind] : "${id}/${name}" => { dataset = id, name = name, parts = split("/", name), whole = can(regex(
          kind == "datasets" ? "^projects/[^/]+/datasets/[^/]+$" : "^projects/[^/]+/datasets/[^/]+/${pattern}/[^/]+$", name
        )) }
      }
    ]...)
  }
  # The ids of views and routines of this call, by name.
  readers = merge(
    { for key, view in google_bigquery_table.view : "projects/${view.project}/datasets/${local.views[key].dataset}/tables/${view.table_id}" => view.id },
    { for key, view in google_bigquery_table.materialized_view : "projects/${view.project}/datasets/${local.materialized_views[key].dataset}/tables/${view.table_id}" => view.id },
    {
      for key, routine in merge(google_bigquery_routine.function, google_bigquery_routine.procedure) :
      "projects/${routine.project}/datasets/${local.routines[key].dataset}/routines/${routine.routine_id}" => routine.id
    },
  )
  # What may read is granted anew when it is replaced.
  granted_ids = merge(var.parents, local.readers)
}

# BigQuery refuses what isn't there yet, so these come last; their datasets exist by then, whichever call makes them.
resource "google_bigquery_dataset_access" "view" {
  for_each = local.authorized.views

  project    = var.project_id
  dataset_id = basename(lookup(local.parents, each.value.dataset, each.value.dataset))

  view {
    project_id = each.value.parts[1]
    dataset_id = each.value.parts[3]
    table_id   = basename(lookup(local.granted_ids, each.value.name, each.value.name))
  }

  lifecycle {
    precondition {
      condition     = each.value.whole
      error_message = "authorized.views: ${each.value.name} is not a view's full name, projects/PROJECT/datasets/DATASET/tables/VIEW."
    }
  }
}

resource "google_bigquery_dataset_access" "dataset" {
  for_each = local.authorized.datasets

  project    = var.project_id
  dataset_id = basename(lookup(local.parents, each.value.dataset, each.value.dataset))

  dataset {
    target_types = ["VIEWS"]
    dataset {
      project_id = each.value.parts[1]
      dataset_id = basename(lookup(local.parents, each.value.parts[3], each.value.parts[3]))
    }
  }

  lifecycle {
    precondition {
      condition     = each.value.whole
      error_message = "authorized.datasets: ${each.value.name} is not a dataset's full name, projects/PROJECT/datasets/DATASET."
    }
  }
}

resource "google_bigquery_dataset_access" "routine" {
  for_each = local.authorized.routines

  project    = var.project_id
  dataset_id = basename(lookup(local.parents, each.value.dataset, each.value.dataset))

  routine {
    project_id = each.value.parts[1]
    dataset_id = each.value.parts[3]
    routine_id = basename(lookup(local.granted_ids, each.value.name, each.value.name))
  }

  lifecycle {
    precondition {
      condition     = each.value.whole
      error_message = "authorized.routines: ${each.value.name} is not a routine's full name, projects/PROJECT/datasets/DATASET/routines/ROUTINE."
    }
  }
}
