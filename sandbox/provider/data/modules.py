"""The modules that hold both, the tables of some data sources and how they are read."""

from __future__ import annotations

from sandbox.provider.data import (
    balancing,
    ciphertexts,
    credentials,
    datasets,
    identity,
    keys,
    listed,
    logging,
    monitoring,
    names,
    objects,
    organizations,
    registries,
    secrets,
    signed_urls,
    sql,
    tags,
)

MODULES = (
    balancing,
    ciphertexts,
    credentials,
    datasets,
    identity,
    keys,
    listed,
    logging,
    monitoring,
    names,
    objects,
    organizations,
    registries,
    secrets,
    signed_urls,
    sql,
    tags,
)
