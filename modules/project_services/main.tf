resource "google_project_service" "this" {
  for_each = var.services

  project = var.project_id
  service = each.key

  # What else uses an API isn't known here, so destroy leaves it enabled.
  disable_on_destroy = false
}
