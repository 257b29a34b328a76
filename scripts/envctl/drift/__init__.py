"""Drift: where the YAML, Terraform's state and the cloud disagree, which two of them, and what to do about it."""
