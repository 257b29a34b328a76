"""Plans as Terraform writes them (`terraform show -json`): read, redacted, and told from each other."""
