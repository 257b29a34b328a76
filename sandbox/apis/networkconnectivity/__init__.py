"""Network Connectivity v1."""
