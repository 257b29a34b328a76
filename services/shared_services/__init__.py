"""The service `shared-services`: configuration that is changed at run time, who is up, and reports."""
