"""BigQuery's engine: the process, what asks it, and the parts of it that are ours."""
