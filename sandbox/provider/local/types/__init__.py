"""A file a type."""
