"""Refusals in Compute Engine's words."""

from __future__ import annotations

from sandbox.control.errors import ApiError, already_exists, invalid_argument, not_found


def invalid(field: str, value: object, why: str) -> ApiError:
    """400: a field's value."""
    return invalid_argument(f"Invalid value for field 'resource.{field}': '{value}'. {why}")


def whole(field: str, value: object) -> int:
    """A field's value as the whole number that it is, or is written as. Raises 400."""
    try:
        return int(str(value))
    except ValueError as error:
        raise invalid(field, value, "Must be a whole number.") from error


def required(field: str) -> ApiError:
    """400: a field is missing."""
    return ApiError("INVALID_ARGUMENT", f"Required field 'resource.{field}' not specified", reason="required")


def missing(name: str) -> ApiError:
    """404 of a name."""
    return not_found(f"The resource '{name}' was not found")


def exists(name: str) -> ApiError:
    """409 of a name."""
    return already_exists(f"The resource '{name}' already exists", reason="alreadyExists")


def in_use(noun: str, name: str, by: str) -> ApiError:
    """400: something needs it."""
    message = f"The {noun} resource '{name}' is already being used by '{by}'"
    return ApiError("FAILED_PRECONDITION", message, reason="resourceInUseByAnotherResource")


def stale() -> ApiError:
    """412: a fingerprint that is not the current one."""
    return ApiError("FAILED_PRECONDITION", "Invalid fingerprint.", code=412, reason="conditionNotMet")


def immutable(field: str) -> ApiError:
    """400: a field that can't be changed."""
    return invalid_argument(f"Invalid value for field 'resource.{field}'. The field can't be changed.")
