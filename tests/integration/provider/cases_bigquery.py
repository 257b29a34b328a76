"""BigQuery beyond `cases_datasets.py`: keys of encryption and of tables, collation, row access, materialized views,
routines, and what reads a dataset without a role."""

from __future__ import annotations

from tests.integration.provider.cases import Case

_KEY = "projects/PROJECT/locations/asia-south1/keyRings/execution/cryptoKeys/data"
_KEYED = f"""
resource "google_bigquery_dataset" "keyed" {{
  dataset_id          = "execution_data"
  location            = "asia-south1"
  default_collation   = "und:ci"
  is_case_insensitive = true
  default_encryption_configuration {{
    kms_key_name = "{_KEY}"
  }}
}}
resource "google_bigquery_dataset" "plain" {{
  dataset_id          = "plain_data"
  location            = "asia-south1"
  default_collation   = ""
  is_case_insensitive = false
}}
resource "google_bigquery_table" "fills" {{
  dataset_id          = google_bigquery_dataset.keyed.dataset_id
  table_id            = "fills"
  deletion_protection = false
  encryption_configuration {{
    kms_key_name = "{_KEY}"
  }}
  table_constraints {{
    primary_key {{
      columns = ["id"]
    }}
  }}
  schema = jsonencode([{{ name = "id", type = "STRING", mode = "REQUIRED" }}, {{ name = "leg", type = "INTEGER" }}])
}}
"""

KEYED = Case(
    "bigquery_keyed",
    first=_KEYED,
    second=_KEYED.replace('columns = ["id"]', 'columns = ["id", "leg"]').replace('"und:ci"', '""'),
    updated=frozenset({"google_bigquery_table.fills", "google_bigquery_dataset.keyed"}),
    replaced=(
        (
            f'\n  encryption_configuration {{\n    kms_key_name = "{_KEY}"\n  }}',
            "",
            "google_bigquery_table.fills",
        ),
    ),
    imports={
        "google_bigquery_dataset.keyed": "execution_data",
        "google_bigquery_table.fills": "PROJECT/execution_data/fills",
    },
    after_import=frozenset({"deletion_protection", "delete_contents_on_destroy"}),
)

_ROWS = """
resource "google_bigquery_dataset" "rows" {
  dataset_id = "rows_data"
  location   = "asia-south1"
}
resource "google_bigquery_table" "fills" {
  dataset_id          = google_bigquery_dataset.rows.dataset_id
  table_id            = "fills"
  deletion_protection = false
  schema              = jsonencode([{ name = "desk", type = "STRING" }])
}
resource "google_bigquery_row_access_policy" "equity" {
  dataset_id       = google_bigquery_dataset.rows.dataset_id
  table_id         = google_bigquery_table.fills.table_id
  policy_id        = "equity"
  filter_predicate = "desk = 'equity'"
  grantees         = ["user:ann@example.com"]
}
"""

ROWS = Case(
    "bigquery_rows",
    first=_ROWS,
    second=_ROWS.replace("desk = 'equity'", "desk = 'debt'").replace("ann@", "bob@"),
    updated=frozenset({"google_bigquery_row_access_policy.equity"}),
    replaced=(('= "equity"', '= "debt"', "google_bigquery_row_access_policy.equity"),),
    imports={
        "google_bigquery_dataset.rows": "rows_data",
        "google_bigquery_table.fills": "PROJECT/rows_data/fills",
        "google_bigquery_row_access_policy.equity": "projects/PROJECT/datasets/rows_data"
        "/tables/fills/rowAccessPolicies/equity",
    },
    after_import=frozenset({"deletion_protection", "delete_contents_on_destroy", "grantees"}),
)

_KEPT = """
resource "google_bigquery_dataset" "kept" {
  dataset_id = "kept_data"
  location   = "asia-south1"
}
resource "google_bigquery_table" "ticks" {
  dataset_id          = google_bigquery_dataset.kept.dataset_id
  table_id            = "ticks"
  deletion_protection = false
  schema              = jsonencode([{ name = "symbol", type = "STRING" }])
}
resource "google_bigquery_table" "counts" {
  dataset_id          = google_bigquery_dataset.kept.dataset_id
  table_id            = "counts"
  deletion_protection = false
  materialized_view {
    query               = "SELECT symbol, COUNT(*) AS n FROM `PROJECT.kept_data.ticks` GROUP BY symbol"
    enable_refresh      = true
    refresh_interval_ms = 3600000
  }
  depends_on = [google_bigquery_table.ticks]
}
"""

KEPT = Case(
    "bigquery_kept",
    first=_KEPT,
    second=_KEPT.replace("= 3600000", "= 1800000"),
    updated=frozenset({"google_bigquery_table.counts"}),
    replaced=(("AS n FROM", "AS number FROM", "google_bigquery_table.counts"),),
    imports={
        "google_bigquery_dataset.kept": "kept_data",
        "google_bigquery_table.ticks": "PROJECT/kept_data/ticks",
        "google_bigquery_table.counts": "PROJECT/kept_data/counts",
    },
    after_import=frozenset({"deletion_protection", "delete_contents_on_destroy"}),
)

_CALLED = """
resource "google_bigquery_dataset" "functions" {
  dataset_id = "functions_data"
  location   = "asia-south1"
}
resource "google_bigquery_dataset" "read" {
  dataset_id = "read_data"
  location   = "asia-south1"
}
resource "google_bigquery_routine" "double" {
  dataset_id      = google_bigquery_dataset.functions.dataset_id
  routine_id      = "twice"
  routine_type    = "SCALAR_FUNCTION"
  language        = "SQL"
  description     = "Twice."
  definition_body = "x * 2"
  return_type     = "{\\"typeKind\\" : \\"INT64\\"}"
  arguments {
    name      = "x"
    data_type = jsonencode({ typeKind = "INT64" })
  }
}
resource "google_bigquery_routine" "rows" {
  dataset_id        = google_bigquery_dataset.functions.dataset_id
  routine_id        = "rows_of"
  routine_type      = "TABLE_VALUED_FUNCTION"
  language          = "SQL"
  definition_body   = "SELECT n AS number"
  return_table_type = jsonencode({ columns = [{ name = "number", type = { typeKind = "INT64" } }] })
  arguments {
    name          = "n"
    data_type     = jsonencode({ typeKind = "INT64" })
  }
}
resource "google_bigquery_routine" "note" {
  dataset_id      = google_bigquery_dataset.functions.dataset_id
  routine_id      = "note"
  routine_type    = "PROCEDURE"
  language        = "SQL"
  security_mode   = "INVOKER"
  definition_body = "SET y = x;"
  arguments {
    name      = "x"
    mode      = "IN"
    data_type = jsonencode({ typeKind = "ARRAY", arrayElementType = { typeKind = "STRING" } })
  }
  arguments {
    name      = "y"
    mode      = "OUT"
    data_type = jsonencode({ typeKind = "ARRAY", arrayElementType = { typeKind = "STRING" } })
  }
}
resource "google_bigquery_routine_iam_member" "call" {
  dataset_id = google_bigquery_dataset.functions.dataset_id
  routine_id = google_bigquery_routine.double.routine_id
  role       = "roles/bigquery.routineDataViewer"
  member     = "user:ann@example.com"
}
resource "google_bigquery_table" "one" {
  dataset_id          = google_bigquery_dataset.functions.dataset_id
  table_id            = "one"
  deletion_protection = false
  view {
    query          = "SELECT 1 AS one"
    use_legacy_sql = false
  }
}
resource "google_bigquery_dataset_access" "view" {
  dataset_id = google_bigquery_dataset.read.dataset_id
  view {
    project_id = "PROJECT"
    dataset_id = google_bigquery_dataset.functions.dataset_id
    table_id   = google_bigquery_table.one.table_id
  }
}
resource "google_bigquery_dataset_access" "dataset" {
  dataset_id = google_bigquery_dataset.read.dataset_id
  dataset {
    target_types = ["VIEWS"]
    dataset {
      project_id = "PROJECT"
      dataset_id = google_bigquery_dataset.functions.dataset_id
    }
  }
}
resource "google_bigquery_dataset_access" "routine" {
  dataset_id = google_bigquery_dataset.read.dataset_id
  routine {
    project_id = "PROJECT"
    dataset_id = google_bigquery_dataset.functions.dataset_id
    routine_id = google_bigquery_routine.rows.routine_id
  }
}
resource "google_bigquery_dataset_access" "member" {
  dataset_id = google_bigquery_dataset.read.dataset_id
  role       = "roles/bigquery.dataViewer"
  iam_member = "user:ann@example.com"
}
"""

CALLED = Case(
    "bigquery_called",
    first=_CALLED,
    second=_CALLED.replace('"x * 2"', '"x + x"').replace('"Twice."', '"Doubles."'),
    updated=frozenset({"google_bigquery_routine.double"}),
    replaced=(
        ('= "rows_of"', '= "row_of"', "google_bigquery_routine.rows"),
        ('"TABLE_VALUED_FUNCTION"', '"SCALAR_FUNCTION"', "google_bigquery_routine.rows"),
        (
            "  dataset_id = google_bigquery_dataset.read.dataset_id\n  view",
            '  dataset_id = "other"\n  view',
            "google_bigquery_dataset_access.view",
        ),
        (
            '= "user:ann@example.com"\n}\nresource',
            '= "user:bob@example.com"\n}\nresource',
            "google_bigquery_routine_iam_member.call",
        ),
        ('iam_member = "user:ann@', 'iam_member = "user:bob@', "google_bigquery_dataset_access.member"),
    ),
    imports={
        "google_bigquery_routine.double": "projects/PROJECT/datasets/functions_data/routines/twice",
        "google_bigquery_routine.note": "PROJECT/functions_data/note",
        "google_bigquery_routine_iam_member.call": "projects/PROJECT/datasets/functions_data/routines/twice"
        " roles/bigquery.routineDataViewer user:ann@example.com",
    },
    after_import=frozenset({"deletion_protection", "delete_contents_on_destroy"}),
)

CASES = [KEYED, ROWS, KEPT, CALLED]
