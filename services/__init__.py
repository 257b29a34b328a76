"""The Cloud Run services, one package each: `python -m services.<name>` runs one on `$PORT`."""
