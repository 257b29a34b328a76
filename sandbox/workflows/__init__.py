"""Cloud Workflows as they run: `source` reads a definition into a `tree`, `machine` executes it step by step.

A step's effects go through a `journal`: what a call answered is kept, so that an execution goes on where a killed
sandbox left it. Nothing here knows of the control plane; `sandbox.apis.workflows.runs` brings both together.
"""
