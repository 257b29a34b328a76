"""Settings that are changed behind Terraform's back, and the one check that each must fail."""

from tests.unit.validation.tamperings import (
    bigquery,
    bigquery_around,
    databases,
    identities,
    orchestration,
    pubsub,
    run,
    storage,
)
from tests.unit.validation.tamperings.places import Tampering

TAMPERINGS: list[Tampering] = [
    *storage.TAMPERINGS,
    *bigquery.TAMPERINGS,
    *bigquery_around.TAMPERINGS,
    *pubsub.TAMPERINGS,
    *run.TAMPERINGS,
    *databases.TAMPERINGS,
    *orchestration.TAMPERINGS,
    *identities.TAMPERINGS,
]
