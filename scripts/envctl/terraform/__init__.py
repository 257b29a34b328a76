"""Running terraform: which one, how, and what it says."""
