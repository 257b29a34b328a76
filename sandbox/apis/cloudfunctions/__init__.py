"""Cloud Functions: `api` is what is served, `deployment` what a function is made of."""
