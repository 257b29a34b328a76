"""Google Cloud: secrets, objects, messages and queries, each client loaded when it is first used."""

from .bigquery import BigQueryClient
from .errors import (
    CloudForbidden,
    CloudNotFound,
    CloudUnavailable,
    PreconditionFailed,
    QueryRefused,
    QueryTooLarge,
    SecretForbidden,
    SecretNotFound,
    SecretUnreadable,
)
from .messages import ReceivedMessage, Seen, SeenInMemory
from .publisher import Publisher
from .results import QueryResult
from .secrets import SecretManager, SecretVersion
from .storage import Bucket, ConfigBucket, ObjectInfo
from .subscriber import Subscriber

__all__ = [
    "BigQueryClient",
    "Bucket",
    "CloudForbidden",
    "CloudNotFound",
    "CloudUnavailable",
    "ConfigBucket",
    "ObjectInfo",
    "PreconditionFailed",
    "Publisher",
    "QueryRefused",
    "QueryResult",
    "QueryTooLarge",
    "ReceivedMessage",
    "SecretForbidden",
    "SecretManager",
    "SecretNotFound",
    "SecretUnreadable",
    "SecretVersion",
    "Seen",
    "SeenInMemory",
    "Subscriber",
]
