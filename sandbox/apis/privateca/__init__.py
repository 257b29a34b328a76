"""Certificate Authority Service v1: pools, authorities that sign, certificates, templates. The cryptography is real."""
