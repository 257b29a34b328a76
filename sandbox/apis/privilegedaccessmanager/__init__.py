"""Privileged Access Manager v1: who may ask for which roles, and grants of them for a while."""
