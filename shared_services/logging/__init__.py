"""Logging: structured lines that people and Cloud Logging read alike, without blocking and without secrets."""
