"""Ephemeral resources: secrets, tokens and keys that are there while terraform runs, and in no state or plan."""
