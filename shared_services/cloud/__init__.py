"""Google Cloud: secrets, objects, messages and queries, each client loaded when it is first used."""
