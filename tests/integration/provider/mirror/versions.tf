# What `make test-parity` downloads: the release that the tables are held against.
terraform {
  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "7.45.0"
    }
  }
}
