"""What a Cloud Run service runs until its own package exists: it answers health checks under the service's name."""
