"""The few questions that envctl asks GitHub: the comment of a pull request, and which pull request a commit is of."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .errors import UserError

_PAGES = 30
_BOT = "github-actions[bot]"


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository of GitHub, and who asks.

    Args:
        name: "owner/name".
        token: never shown.
        api: where GitHub's API answers.
    """

    name: str
    token: str = field(repr=False)
    api: str = "https://api.github.com"

    def put_comment(self, number: int, marker: str, body: str) -> tuple[str, bool]:
        """Write the comment that begins with a marker, in place of an earlier one.

        Returns:
            Its address, and whether it is new.

        Raises:
            UserError: GitHub refuses.
        """
        found = self.find_comment(number, marker)
        if found is None:
            made = self._ask("POST", f"issues/{number}/comments", {"body": body})
            return str(made.get("html_url", "")), True
        made = self._ask("PATCH", f"issues/comments/{found['id']}", {"body": body})
        return str(made.get("html_url", "")), False

    def find_comment(self, number: int, marker: str, *, by: str | None = None) -> Mapping[str, Any] | None:
        """The first comment that begins with a marker; with `by`, of that author alone."""
        for comment in self._pages(f"issues/{number}/comments"):
            author = (comment.get("user") or {}).get("login")
            if str(comment.get("body", "")).startswith(marker) and by in (None, author):
                return comment
        return None

    def merged_pull_request(self, commit: str) -> int:
        """The pull request that brought a commit into the main branch.

        Raises:
            UserError: there is none.
        """
        for request in self._pages(f"commits/{commit}/pulls"):
            if request.get("merged_at"):
                return int(request["number"])
        raise UserError(
            f"no merged pull request of {self.name} brought the commit {commit[:12]}",
            why="only what was reviewed on a pull request is applied",
            todo="make the change by a pull request; or plan, review and apply by hand with --fingerprint",
        )

    def requested_by(self, branch: str, commit: str) -> int | None:
        """The open pull request from a branch, "owner:name", that a commit is the head of."""
        from urllib.parse import quote

        for request in self._pages("pulls", f"state=open&head={quote(branch, safe='')}"):
            if (request.get("head") or {}).get("sha") == commit:
                return int(request["number"])
        return None

    def reviewed_comment(self, commit: str, marker: str) -> str:
        """The comment of the pull request that brought a commit, as GitHub's own bot wrote it."""
        number = self.merged_pull_request(commit)
        found = self.find_comment(number, marker, by=_BOT)
        if found is None:
            raise UserError(f"pull request {number} of {self.name} has no comment of a plan", todo="plan it first")
        return str(found["body"])

    def _pages(self, path: str, query: str = "") -> Iterator[Mapping[str, Any]]:
        for page in range(1, _PAGES + 1):
            found = self._ask("GET", f"{path}?{query}{'&' * bool(query)}per_page=100&page={page}")
            yield from found
            if len(found) < 100:
                return

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        import httpx

        headers = {
            "authorization": f"Bearer {self.token}",
            "accept": "application/vnd.github+json",
            "x-github-api-version": "2022-11-28",
        }
        url = f"{self.api}/repos/{self.name}/{path}"
        try:
            answer = httpx.request(method, url, headers=headers, json=body, timeout=30)
        except httpx.HTTPError as error:
            raise UserError(f"{self.api} can't be reached", why=type(error).__name__, todo="try again") from None
        if answer.status_code >= 300:
            raise UserError(
                f"GitHub refused: {method} {path.partition('?')[0]} answered {answer.status_code}",
                where=self.name,
                why=_message(answer.text),
                todo="give the workflow the permission pull-requests: write"
                if answer.status_code in (401, 403, 404)
                else "try again",
            )
        return answer.json()


def from_environment(variables: Mapping[str, str] | None = None) -> Repository:
    """The repository that a workflow runs for: GITHUB_REPOSITORY, and the token in GITHUB_TOKEN or GH_TOKEN.

    Raises:
        UserError: one isn't there.
    """
    found = os.environ if variables is None else variables
    name, token = found.get("GITHUB_REPOSITORY", ""), found.get("GITHUB_TOKEN") or found.get("GH_TOKEN") or ""
    missing = [key for key, value in (("GITHUB_REPOSITORY", name), ("GITHUB_TOKEN", token)) if not value]
    if missing:
        raise UserError(
            f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not set",
            todo="set what is missing, as a workflow of GitHub does; `envctl pr-comment DIR --print` needs neither",
        )
    return Repository(name, token, found.get("GITHUB_API_URL") or "https://api.github.com")


def pull_request_number(variables: Mapping[str, str] | None = None) -> int | None:
    """The pull request that a workflow runs for, from its event; None where the event is another workflow's end.

    Raises:
        UserError: it runs for none.
    """
    event = _event(variables)
    if "workflow_run" in event:
        return None
    try:
        return int(event["pull_request"]["number"])
    except (ValueError, KeyError, TypeError):
        raise _of_none() from None


def workflow_run(variables: Mapping[str, str] | None = None) -> tuple[str, str]:
    """The branch, as "owner:name", and the commit that the workflow ran for whose end is the event.

    GitHub names no pull request of a fork there.

    Raises:
        UserError: the event is another one.
    """
    try:
        run = _event(variables)["workflow_run"]
        return f"{run['head_repository']['owner']['login']}:{run['head_branch']}", str(run["head_sha"])
    except (KeyError, TypeError):
        raise _of_none() from None


def _event(variables: Mapping[str, str] | None) -> dict[str, Any]:
    found = os.environ if variables is None else variables
    try:
        event = json.loads(Path(found.get("GITHUB_EVENT_PATH", "")).read_text())
    except (OSError, ValueError):
        raise _of_none() from None
    return event if isinstance(event, dict) else {}


def _of_none() -> UserError:
    return UserError("this runs for no pull request", todo="name it with --number")


def _message(text: str) -> str:
    try:
        return str(json.loads(text)["message"])[:300]
    except (ValueError, KeyError, TypeError):
        return text[:100]
