"""Spanner's administration v1: instances, databases and their DDL. It holds no rows."""
