"""Where the other services are, which of them work, and calling them. Loaded when first used."""
