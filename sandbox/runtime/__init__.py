"""What really runs in the sandbox: the processes of Cloud Run and BigQuery's engine."""
