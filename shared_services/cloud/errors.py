"""What can go wrong in the cloud, in words, with the permission that is missing where one is."""

from __future__ import annotations

from shared_services.errors import ErrorClass, InputError, PermanentError, PlatformError, TransientError


class SecretNotFound(PermanentError, KeyError):
    """There is no such secret, or no version of it that may be read."""

    __str__ = PermanentError.__str__


class SecretForbidden(PermanentError):
    """This account may not read the secret."""


class SecretUnreadable(InputError):
    """The secret's bytes are damaged, or not text."""


class CloudForbidden(PermanentError):
    """This account may not do that; `todo` names the permission."""


class CloudNotFound(PermanentError):
    """There is no such thing."""


class QueryRefused(InputError):
    """BigQuery refuses the query: it is wrong."""


class QueryTooLarge(InputError):
    """The query would read more than the cap allows; nothing was billed."""


class PreconditionFailed(TransientError):
    """Somebody else changed the thing meanwhile: read it again, and try again."""


class CloudUnavailable(PlatformError):
    """The API doesn't answer."""

    error_class = ErrorClass.DEPENDENCY


def translated(error: Exception, what: str, *, permission: str = "", where: str = "") -> Exception:
    """An error of Google's clients as one of ours; itself where it is known already.

    Args:
        error: what was raised.
        what: what was tried: "the bucket config can't be read".
        permission: what the account needs for it.
        where: the thing's full name.
    """
    from google.api_core import exceptions as google
    from google.auth import exceptions as auth

    if isinstance(error, PlatformError):
        return error
    if isinstance(error, google.RetryError) and isinstance(error.cause, Exception):
        return translated(error.cause, what, permission=permission, where=where)
    said = getattr(error, "message", None) or str(error)
    if isinstance(error, google.Forbidden | google.Unauthorized):
        needs = f"grant {permission} to the account that runs this" if permission else ""
        return CloudForbidden(what, where=where, why=said, todo=needs)
    if isinstance(error, google.NotFound):
        return CloudNotFound(what, where=where, why=said, todo="envctl apply makes what envs/ declares")
    if isinstance(error, google.PreconditionFailed | google.Aborted):
        return PreconditionFailed(what, where=where, why=said)
    if isinstance(error, google.BadRequest):
        return InputError(what, where=where, why=said)
    if isinstance(error, google.TooManyRequests):
        return TransientError(what, where=where, why=said)
    if isinstance(error, auth.GoogleAuthError):
        return CloudForbidden(what, where=where, why=str(error), todo="gcloud auth application-default login")
    if isinstance(error, google.ServerError | OSError):
        return CloudUnavailable(what, where=where, why=said)
    return error
