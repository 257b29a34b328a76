"""Network Management v1."""
