"""Strict YAML: reading it, and saying where in a file something is wrong.

The modules are imported one by one, so that who needs only a path doesn't load a parser:

>>> from shared_services.yaml.nodes import plain
>>> from shared_services.yaml.reader import read_bytes
>>> node, problems = read_bytes(b"market: NSE", "trading.yaml")
>>> plain(node), problems
({'market': 'NSE'}, [])
"""
