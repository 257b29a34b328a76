"""The images of an environment's services: built, scanned, pushed, and taken by their digests."""
