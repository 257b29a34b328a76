"""Data sources: tables like those of the resource types, and the few that are read in a way of their own."""
