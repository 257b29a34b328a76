"""What is not the general case, one module a product.

A hook is a function registered for a resource type (see `registry`); importing this package registers all.
"""
