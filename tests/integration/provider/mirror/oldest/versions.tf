# The oldest release that the modules accept: `make test-parity` has it beside the other, and validates them with it.
terraform {
  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "7.41.0"
    }
  }
}
