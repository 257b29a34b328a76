# The rules of tflint's built-in plugin: nothing is downloaded.
config {
  call_module_type = "local"
}

plugin "terraform" {
  enabled = true
  preset  = "all"
}

# Modules of this repository are told apart by their folders; grants.tf and variables_*.tf are ours.
rule "terraform_standard_module_structure" {
  enabled = false
}
