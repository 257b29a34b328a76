"""Security Command Center v2."""
