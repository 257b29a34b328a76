locals {
  routines = merge([
    for id, dataset in var.datasets : {
      for name, routine in dataset.routines : "${id}/${name}" => merge(routine, { dataset = id, name = name })
    }
  ]...)
  # Views may call functions, so those come with the tables; the other routines read views.
  functions  = { for key, routine in local.routines : key => routine if routine.type == "SCALAR_FUNCTION" && !var.views_only }
  procedures = { for key, routine in local.routines : key => routine if routine.type != "SCALAR_FUNCTION" }
}

resource "google_bigquery_routine" "function" {
  for_each = local.functions

  project              = var.project_id
  dataset_id           = basename(google_bigquery_dataset.this[each.value.dataset].id)
  routine_id           = each.value.name
  routine_type         = each.value.type
  language             = each.value.remote == null ? each.value.language : null
  description          = each.value.description
  definition_body      = each.value.body == null ? "" : each.value.body
  return_type          = each.value.returns
  imported_libraries   = each.value.libraries
  determinism_level    = each.value.determinism
  data_governance_type = each.value.masking ? "DATA_MASKING" : null

  dynamic "arguments" {
    for_each = each.value.arguments
    content {
      name          = arguments.value.name
      argument_kind = arguments.value.type == null ? "ANY_TYPE" : "FIXED_TYPE"
      data_type     = arguments.value.type
    }
  }

  dynamic "remote_function_options" {
    for_each = each.value.remote[*]
    content {
      connection           = remote_function_options.value.connection
      endpoint             = remote_function_options.value.endpoint
      max_batching_rows    = remote_function_options.value.max_batching_rows
      user_defined_context = remote_function_options.value.context
    }
  }

  # A function may read tables.
  depends_on = [google_bigquery_table.table, google_bigquery_table.referring, google_bigquery_table.external]

  lifecycle {
    precondition {
      condition     = can(regex("^[A-Za-z0-9_]+$", each.value.name)) && length(each.value.name) <= 256 && (each.value.remote == null) == (trimspace(coalesce(each.value.body, " ")) != "")
      error_message = "functions: ${each.key} has an id of 1 to 256 letters, digits or _, and a body, or it is remote."
    }
    precondition {
      condition = each.value.remote == null ? true : (
        startswith(each.value.remote.endpoint, "https://") && coalesce(each.value.remote.max_batching_rows, 1) >= 1 &&
        each.value.language == "SQL" && each.value.returns != null && !each.value.masking
      )
      error_message = "functions: ${each.key} is remote, so it has an endpoint (https://…), max_batching_rows from 1, a returns, and no language or masking."
    }
    precondition {
      condition     = each.value.spark == null
      error_message = "functions: ${each.key} is a function, which Spark does not run."
    }
    precondition {
      condition     = contains(["SQL", "JAVASCRIPT"], each.value.language) && (each.value.language == "SQL" || each.value.returns != null)
      error_message = "functions: ${each.key} is in SQL, or in JAVASCRIPT and has a returns."
    }
    precondition {
      condition = each.value.language == "SQL" ? each.value.determinism == null && length(each.value.libraries) == 0 : (
        contains(["", "DETERMINISTIC", "NOT_DETERMINISTIC"], coalesce(each.value.determinism, "NOT_DETERMINISTIC")) &&
        alltrue([for library in each.value.libraries : startswith(library, "gs://")])
      )
      error_message = "functions: ${each.key} has a determinism (DETERMINISTIC or NOT_DETERMINISTIC) and libraries (gs://…) in JAVASCRIPT only."
    }
    precondition {
      condition     = each.value.security == null && length(each.value.returns_table) == 0 && alltrue([for argument in each.value.arguments : argument.mode == null])
      error_message = "functions: ${each.key} is a function, which has no security, no returns_table and no modes of arguments."
    }
    precondition {
      condition = alltrue([
        for type in concat(each.value.arguments[*].type, [each.value.returns]) : type == null ? true : can(jsondecode(type).typeKind)
      ])
      error_message = "functions: the types of ${each.key} are JSON, such as {\"typeKind\":\"STRING\"}."
    }
    precondition {
      condition     = !each.value.masking || (each.value.language == "SQL" && length(each.value.arguments) == 1 && each.value.returns != null)
      error_message = "functions: ${each.key} masks, so it is in SQL and has one argument and a returns."
    }
  }
}

resource "google_bigquery_routine" "procedure" {
  for_each = local.procedures

  project           = var.project_id
  dataset_id        = basename(lookup(local.parents, each.value.dataset, each.value.dataset))
  routine_id        = each.value.name
  routine_type      = each.value.type
  language          = each.value.language
  description       = each.value.description
  definition_body   = each.value.body == null ? "" : each.value.body
  security_mode     = each.value.security
  return_table_type = length(each.value.returns_table) == 0 ? null : jsonencode({ columns = [for column in each.value.returns_table : { name = column.name, type = jsondecode(column.type) }] })

  dynamic "arguments" {
    for_each = each.value.arguments
    content {
      name          = arguments.value.name
      argument_kind = "FIXED_TYPE"
      data_type     = arguments.value.type
      mode          = arguments.value.mode
    }
  }

  dynamic "spark_options" {
    for_each = each.value.spark[*]
    content {
      connection      = spark_options.value.connection
      runtime_version = spark_options.value.runtime_version
      container_image = spark_options.value.container_image
      main_file_uri   = spark_options.value.main_file
      main_class      = spark_options.value.main_class
      jar_uris        = spark_options.value.jars
      py_file_uris    = spark_options.value.py_files
      file_uris       = spark_options.value.files
      archive_uris    = spark_options.value.archives
      properties      = spark_options.value.properties
    }
  }

  # They may read tables and views, and call functions.
  depends_on = [google_bigquery_table.table, google_bigquery_table.referring, google_bigquery_table.external, google_bigquery_routine.function, google_bigquery_table.view, google_bigquery_table.materialized_view]

  lifecycle {
    precondition {
      condition     = can(regex("^[A-Za-z0-9_]+$", each.value.name)) && length(each.value.name) <= 256 && (each.value.spark != null || trimspace(coalesce(each.value.body, " ")) != "")
      error_message = "procedures: ${each.key} has an id of 1 to 256 letters, digits or _, and a body, or Spark runs it."
    }
    precondition {
      condition     = contains(["TABLE_VALUED_FUNCTION", "PROCEDURE"], each.value.type) && (each.value.language == "SQL" || each.value.spark != null)
      error_message = "procedures: ${each.key} is a SCALAR_FUNCTION, or a TABLE_VALUED_FUNCTION or PROCEDURE in SQL, or Spark runs it."
    }
    precondition {
      condition = each.value.spark == null ? true : (
        each.value.type == "PROCEDURE" && contains(["PYTHON", "JAVA", "SCALA"], each.value.language) && each.value.security == null &&
        length(compact([each.value.body, each.value.spark.main_file, each.value.spark.main_class])) == 1 &&
        (each.value.body == null || each.value.language == "PYTHON") &&
        (each.value.spark.main_class == null || (each.value.language != "PYTHON" && length(each.value.spark.jars) > 0))
      )
      error_message = "procedures: Spark runs ${each.key}, so it is a PROCEDURE in PYTHON, JAVA or SCALA with one of a body (in PYTHON), a main_file and a main_class of its jars, and without security."
    }
    precondition {
      condition     = each.value.remote == null
      error_message = "procedures: ${each.key} is no scalar function, so it is not remote."
    }
    precondition {
      condition     = each.value.returns == null && each.value.determinism == null && length(each.value.libraries) == 0 && !each.value.masking
      error_message = "procedures: ${each.key} is no scalar function, so it has no returns, determinism, libraries or masking."
    }
    precondition {
      condition = each.value.type == "PROCEDURE" ? length(each.value.returns_table) == 0 && contains(["DEFINER", "INVOKER"], coalesce(each.value.security, "INVOKER")) : (
        each.value.security == null && alltrue([for argument in each.value.arguments : argument.mode == null])
      )
      error_message = "procedures: ${each.key} has a security (DEFINER or INVOKER) and modes of arguments if it is a procedure, else a returns_table."
    }
    precondition {
      condition = alltrue([
        for argument in each.value.arguments : can(jsondecode(argument.type).typeKind) && contains(["IN", "OUT", "INOUT"], coalesce(argument.mode, "IN"))
      ]) && alltrue([for column in each.value.returns_table : can(jsondecode(column.type).typeKind)])
      error_message = "procedures: the types of ${each.key} are JSON, such as {\"typeKind\":\"STRING\"}, and a mode is IN, OUT or INOUT."
    }
  }
}

resource "google_bigquery_routine_iam_member" "function" {
  for_each = local.grants.functions

  project    = var.project_id
  dataset_id = google_bigquery_routine.function[each.value.thing].dataset_id
  routine_id = basename(google_bigquery_routine.function[each.value.thing].id)
  role       = each.value.role
  member     = each.value.member

  dynamic "condition" {
    for_each = each.value.condition[*]
    content {
      title       = condition.value.title
      expression  = condition.value.expression
      description = condition.value.description
    }
  }

  lifecycle {
    precondition {
      condition     = can(regex("^(roles/[a-zA-Z0-9.]+|(projects|organizations)/[a-z0-9-]+/roles/[a-zA-Z0-9_.]+)$", each.value.role))
      error_message = "functions: grant ${each.key} has role ${each.value.role}; a role is such as roles/viewer or projects/PROJECT/roles/ROLE."
    }
    precondition {
      condition     = can(regex("^((user|group|serviceAccount):[^@\\s]+@\\S+|domain:\\S+|principal(Set)?://\\S+|allUsers|allAuthenticatedUsers)$", each.value.member))
      error_message = "functions: grant ${each.key} has member ${each.value.member}; a member is a principal as IAM writes it, such as group:quants@example.com."
    }
    precondition {
      condition = alltrue([
        for condition in each.value.condition[*] : length(condition.title) >= 1 && length(condition.title) <= 100 &&
        condition.expression != "" && (condition.description == null ? true : length(condition.description) <= 256)
      ])
      error_message = "functions: grant ${each.key} has a condition that isn't a title (1 to 100 characters), an expression and a description (at most 256)."
    }
    precondition {
      condition     = length(local.gives.functions[each.value.gives]) == 1
      error_message = "functions: ${each.value.role} is given to ${each.value.member} by ${join(" and ", local.gives.functions[each.value.gives])}; one of them is enough."
    }
  }
}

resource "google_bigquery_routine_iam_member" "procedure" {
  for_each = local.grants.procedures

  project    = var.project_id
  dataset_id = google_bigquery_routine.procedure[each.value.thing].dataset_id
  routine_id = basename(google_bigquery_routine.procedure[each.value.thing].id)
  role       = each.value.role
  member     = each.value.member

  dynamic "condition" {
    for_each = each.value.condition[*]
    content {
      title       = condition.value.title
      expression  = condition.value.expression
      description = condition.value.description
    }
  }

  lifecycle {
    precondition {
      condition     = can(regex("^(roles/[a-zA-Z0-9.]+|(projects|organizations)/[a-z0-9-]+/roles/[a-zA-Z0-9_.]+)$", each.value.role))
      error_message = "procedures: grant ${each.key} has role ${each.value.role}; a role is such as roles/viewer or projects/PROJECT/roles/ROLE."
    }
    precondition {
      condition     = can(regex("^((user|group|serviceAccount):[^@\\s]+@\\S+|domain:\\S+|principal(Set)?://\\S+|allUsers|allAuthenticatedUsers)$", each.value.member))
      error_message = "procedures: grant ${each.key} has member ${each.value.member}; a member is a principal as IAM writes it, such as group:quants@example.com."
    }
    precondition {
      condition = alltrue([
        for condition in each.value.condition[*] : length(condition.title) >= 1 && length(condition.title) <= 100 &&
        condition.expression != "" && (condition.description == null ? true : length(condition.description) <= 256)
      ])
      error_message = "procedures: grant ${each.key} has a condition that isn't a title (1 to 100 characters), an expression and a description (at most 256)."
    }
    precondition {
      condition     = length(local.gives.procedures[each.value.gives]) == 1
      error_message = "procedures: ${each.value.role} is given to ${each.value.member} by ${join(" and ", local.gives.procedures[each.value.gives])}; one of them is enough."
    }
  }
}
