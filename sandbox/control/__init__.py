"""The generic control plane: what every API of the sandbox shares, written once."""
