"""Which project, which credentials and which address Google's clients are made with.

The variables are those that `envctl env` prints: `GOOGLE_CLOUD_PROJECT`, `GOOGLE_<PRODUCT>_CUSTOM_ENDPOINT`,
`STORAGE_EMULATOR_HOST`, `BIGQUERY_EMULATOR_HOST`, `GOOGLE_OAUTH_ACCESS_TOKEN`; a service that runs in a sandbox has
`SANDBOX_URL`, where all of them answer. Without them the clients speak to
Google, as the account that runs them.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from shared_services.errors import PermanentError

_VARIABLES = {
    "bigquery": ("BIGQUERY_EMULATOR_HOST", "GOOGLE_BIG_QUERY_CUSTOM_ENDPOINT"),
    "pubsub": ("GOOGLE_PUBSUB_CUSTOM_ENDPOINT",),
    "secretmanager": ("GOOGLE_SECRET_MANAGER_CUSTOM_ENDPOINT",),
    "storage": ("STORAGE_EMULATOR_HOST", "GOOGLE_STORAGE_CUSTOM_ENDPOINT"),
}


def endpoint(product: str, environ: Mapping[str, str] = os.environ) -> str | None:
    """Where a product's API answers, or None for Google's own address.

    >>> endpoint("pubsub", {"GOOGLE_PUBSUB_CUSTOM_ENDPOINT": "http://127.0.0.1:8085/pubsub/v1/"})
    'http://127.0.0.1:8085'
    >>> endpoint("pubsub", {}) is None
    True
    """
    for variable in (*_VARIABLES[product], "SANDBOX_URL"):
        value = environ.get(variable)
        if value:
            parts = urlsplit(value if "://" in value else f"http://{value}")
            return f"{parts.scheme}://{parts.netloc}"
    return None


def find_project(given: str | None = None, environ: Mapping[str, str] = os.environ) -> str:
    """The project: the one given, `GOOGLE_CLOUD_PROJECT`, or the credentials' own.

    >>> find_project(environ={"GOOGLE_CLOUD_PROJECT": "atm-local"})
    'atm-local'

    Raises:
        PermanentError: none of them says one.
    """
    found = given or environ.get("GOOGLE_CLOUD_PROJECT") or environ.get("GCLOUD_PROJECT")
    if found:
        return found
    with quiet_imports():
        import google.auth
        from google.auth.exceptions import DefaultCredentialsError
    try:
        _, project = google.auth.default()
    except DefaultCredentialsError:
        project = None
    if project:
        return str(project)
    raise PermanentError(
        "no Google Cloud project is known",
        why="GOOGLE_CLOUD_PROJECT is not set, and there are no credentials that name one",
        todo='on a laptop: eval "$(envctl env local)"',
    )


def options(product: str, environ: Mapping[str, str] = os.environ, *, rest: bool = True) -> dict[str, Any]:
    """The keyword arguments that one of Google's clients is made with.

    Args:
        product: such as `pubsub`.
        environ: the variables.
        rest: whether the client takes a `transport` (the generated ones do).
    """
    if product == "pubsub" and environ.get("PUBSUB_EMULATOR_HOST"):
        return {}  # Google's client goes there by itself, over gRPC, and fails where it is told to speak REST
    at = endpoint(product, environ)
    token = environ.get("GOOGLE_OAUTH_ACCESS_TOKEN")
    made: dict[str, Any] = {}
    if at is not None:
        made["client_options"] = {"api_endpoint": at}
        if rest:
            made["transport"] = "rest"
    if token:
        from google.oauth2.credentials import Credentials

        made["credentials"] = Credentials(token)  # type: ignore[no-untyped-call]
    elif at is not None and at.startswith("http://"):
        from google.auth.credentials import AnonymousCredentials

        made["credentials"] = AnonymousCredentials()  # type: ignore[no-untyped-call]
    return made


@contextmanager
def quiet_imports() -> Iterator[None]:
    """Google's packages warn at import of Pythons that they will drop some day: that is nothing a log needs."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=FutureWarning, module="google")
        yield
