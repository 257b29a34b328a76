"""The comment is written once and replaced from then on; GitHub is asked over HTTP."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from envctl.errors import UserError
from envctl.github import Repository, from_environment, pull_request_number, workflow_run
from envctl.output.comment import MARKER

TOKEN = "canary-token"


class GitHub(ThreadingHTTPServer):
    """As much of GitHub as a comment needs."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.comments: list[dict[str, Any]] = []
        self.pulls: list[dict[str, Any]] = []
        self.refuses = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def add(self, body: str, login: str = "github-actions[bot]") -> dict[str, Any]:
        made = {"id": len(self.comments) + 1, "body": body, "user": {"login": login}, "html_url": "https://x/1"}
        self.comments.append(made)
        return made


class _Handler(BaseHTTPRequestHandler):
    server: GitHub

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        asked = {key: unquote(value) for key, value in (part.split("=") for part in query.split("&"))}
        page = int(asked["page"])
        found = self.server.comments if path.endswith("/comments") else self.server.pulls
        if "head" in asked:
            found = [one for one in found if one["head"]["label"] == asked["head"]]
        self._answer(found[(page - 1) * 100 : page * 100])

    def do_POST(self) -> None:
        self._answer(self.server.add(self._body()))

    def do_PATCH(self) -> None:
        made = self.server.comments[int(self.path.rpartition("/")[2]) - 1]
        made["body"] = self._body()
        self._answer(made)

    def _body(self) -> str:
        return str(json.loads(self.rfile.read(int(self.headers["content-length"])))["body"])

    def _answer(self, document: Any) -> None:
        code = self.server.refuses or 200
        if self.headers["authorization"] != f"Bearer {TOKEN}":
            code = 401
        data = json.dumps({"message": "Resource not accessible"} if code != 200 else document).encode()
        self.send_response(code)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@pytest.fixture(scope="module")
def server() -> Iterator[GitHub]:
    made = GitHub()
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def github(server: GitHub) -> GitHub:
    server.comments, server.pulls, server.refuses = [], [], 0
    return server


def repository(github: GitHub) -> Repository:
    return Repository("o/r", TOKEN, github.url)


def test_the_comment_is_replaced_in_place(github: GitHub) -> None:
    for number in range(150):  # it is found on the second page too
        github.add(f"words {number}", "somebody")
    assert repository(github).put_comment(7, MARKER, f"{MARKER}\nfirst")[1] is True
    assert repository(github).put_comment(7, MARKER, f"{MARKER}\nsecond")[1] is False
    assert [one["body"] for one in github.comments if MARKER in one["body"]] == [f"{MARKER}\nsecond"]


def test_only_the_bots_comment_is_believed(github: GitHub) -> None:
    github.pulls = [{"number": 3, "merged_at": None}, {"number": 7, "merged_at": "2026-01-01T00:00:00Z"}]
    github.add(f"{MARKER}\nforged", "mallory")
    with pytest.raises(UserError, match="pull request 7 of o/r has no comment of a plan"):
        repository(github).reviewed_comment("c" * 40, MARKER)
    github.add(f"{MARKER}\ntrue")
    assert repository(github).reviewed_comment("c" * 40, MARKER) == f"{MARKER}\ntrue"


def test_a_commit_of_no_pull_request_is_refused(github: GitHub) -> None:
    with pytest.raises(UserError, match="no merged pull request"):
        repository(github).merged_pull_request("c" * 40)


def test_a_refusal_says_why_and_never_the_token(github: GitHub) -> None:
    github.refuses = 403
    with pytest.raises(UserError) as refused:
        repository(github).put_comment(7, MARKER, "x")
    assert "answered 403" in str(refused.value)
    assert "Resource not accessible" in str(refused.value)
    assert TOKEN not in str(refused.value) + repr(repository(github))


def test_where_it_runs_is_said_by_the_environment(tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    event.write_text('{"pull_request": {"number": 12}}')
    assert pull_request_number({"GITHUB_EVENT_PATH": str(event)}) == 12
    assert from_environment({"GITHUB_REPOSITORY": "o/r", "GH_TOKEN": "t"}).name == "o/r"
    with pytest.raises(UserError, match="GITHUB_TOKEN is not set"):
        from_environment({"GITHUB_REPOSITORY": "o/r"})
    event.write_text("{}")
    with pytest.raises(UserError, match="for no pull request"):
        pull_request_number({"GITHUB_EVENT_PATH": str(event)})


def test_the_pull_request_of_a_fork_is_found_by_its_head(github: GitHub, tmp_path: Path) -> None:
    run = {"head_repository": {"owner": {"login": "asha"}}, "head_branch": "a/b", "head_sha": "c" * 40}
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"workflow_run": {**run, "pull_requests": []}}))
    variables = {"GITHUB_EVENT_PATH": str(event)}
    assert pull_request_number(variables) is None
    branch, commit = workflow_run(variables)
    github.pulls = [
        {"number": 8, "head": {"label": "mallory:a/b", "sha": commit}},
        {"number": 9, "head": {"label": "asha:a/b", "sha": commit}},
    ]
    assert repository(github).requested_by(branch, commit) == 9
    github.pulls[1]["head"]["sha"] = "d" * 40
    assert repository(github).requested_by(branch, commit) is None, "something newer was pushed: its run tells of that"
