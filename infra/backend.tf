# Where the state is comes from the rendered backend file: terraform init -backend-config=../build/ENV/backend.tfbackend
terraform {
  backend "gcs" {}
}
