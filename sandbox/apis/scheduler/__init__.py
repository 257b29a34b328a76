"""Cloud Scheduler: `api` is what is served, the other modules are its parts."""
