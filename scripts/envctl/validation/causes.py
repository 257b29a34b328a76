"""What checks that didn't pass have in common, and what to do about it."""

from __future__ import annotations

from envctl.clouds.failures import Failure, Reason
from envctl.output.model import Cause

from .model import Thing


def missing(thing: Thing, environment: str) -> Cause:
    """The thing isn't there."""
    return Cause(f"missing:{thing.id}", f"{thing.title} is missing", f"`envctl apply {environment}` makes it")


def differs(thing: Thing, environment: str) -> Cause:
    """The thing is there, but not as declared."""
    return Cause(
        f"differs:{thing.id}",
        f"{thing.title} is not as declared",
        f"`envctl apply {environment}` sets it back; if the change is wanted, declare it in the YAML",
    )


def broader(thing: Thing, on: str) -> Cause:
    """Somebody may do more than is declared."""
    return Cause(
        f"broader:{thing.id}",
        f"{thing.title}: more is granted than is declared",
        f"remove it from {on}, or declare it in the YAML",
    )


def down(thing: Thing) -> Cause:
    """A service that doesn't answer as it should."""
    return Cause(
        f"down:{thing.id}",
        f"{thing.title} is not up",
        f"look at its log: `envctl logs {thing.place.key}`, or Cloud Logging of the service",
    )


def blocked(failure: Failure, project: str) -> Cause:
    """A read that brought no answer; the same for all reads that have it in common."""
    match failure.reason:
        case Reason.API_DISABLED:
            api = failure.service or "an API"
            return Cause(
                f"disabled:{api}",
                f"the API {api} is not enabled in {project}",
                f"`gcloud services enable {api} --project={project}`, or list it below apis and apply",
            )
        case Reason.FORBIDDEN:
            what = f"the permission {failure.permission} is missing" if failure.permission else failure.message
            return Cause(
                f"forbidden:{failure.permission or failure.message}",
                f"{what} (project {project})",
                "give whoever validates a role that has it, such as roles/viewer with roles/iam.securityReviewer",
            )
        case Reason.QUOTA:
            return Cause(f"quota:{failure.service}", failure.message, "wait a minute and validate again")
        case Reason.UNAUTHENTICATED:
            return Cause("unauthenticated", failure.message, failure.todo)
        case Reason.UNREACHABLE:
            return Cause(f"unreachable:{failure.service}", failure.message, "start it, or check the network and proxy")
        case Reason.UNIMPLEMENTED:
            return Cause(
                f"unimplemented:{failure.message}", failure.message, "the sandbox can't tell; ask Google Cloud"
            )
        case _:
            return Cause(f"unexpected:{failure.message}", failure.message, "this may be a defect: report it")
