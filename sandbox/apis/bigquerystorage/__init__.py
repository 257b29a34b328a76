"""BigQuery's Storage API: `api` is what is served, the other modules are its parts."""
