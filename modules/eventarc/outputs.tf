output "ids" {
  description = "Full names of the triggers (projects/PROJECT/locations/LOCATION/triggers/TRIGGER), by id."
  value = {
    for id, trigger in google_eventarc_trigger.this :
    id => "projects/${trigger.project}/locations/${trigger.location}/triggers/${id}"
  }
}

output "names" {
  description = "Names of the triggers, by id."
  value       = { for id in keys(google_eventarc_trigger.this) : id => id }
}
