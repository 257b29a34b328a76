"""The commands of docs/gcloud.md, run by Google's own gcloud, bq and gsutil where `ATM_CLOUD_SDK` names an SDK.

Not by any that is on the PATH: an older one lacks commands that a newer one has.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from envctl.clouds import cloud_sdk_files, cloud_sdk_variables

from tests.integration.sandbox_process import Sandbox

PAGE = Path(__file__).resolve().parents[2] / "docs/gcloud.md"
PROJECT = "tools-project"
SDK = os.environ.get("ATM_CLOUD_SDK", "")
PATH = os.pathsep.join([f"{SDK}/bin", os.environ["PATH"]])

FILES = {
    "prices.csv": "symbol,price\nTCS,1.5\nINFY,2.5\n",
    "parts.csv": "day,symbol\n2026-01-31,TCS\n",
    "rows.json": '{"symbol":"TCS","price":1.5}\n{"symbol":"INFY","price":2.5,"at":"2026-01-01T00:00:00Z"}\n',
    "table.json": '[{"name":"day","type":"DATE"},{"name":"symbol","type":"STRING","mode":"REQUIRED"}]',
    "lifecycle.json": '{"rule":[{"action":{"type":"Delete"},"condition":{"age":30}}]}',
    "schema.avsc": '{"type":"record","name":"R","fields":[{"name":"a","type":"string"}]}',
    "flow.yaml": "main:\n  params: [args]\n  steps:\n    - done:\n        return: ${args.who}\n",
    "folder/one.txt": "1",
    "folder/sub/two.txt": "2",
}


def sections() -> dict[str, list[str]]:
    """The commands of the page by its headings."""
    found = re.findall(r"^## ([^\n]+)\n\n```sh\n(.*?)^```", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    return {title: text.replace("PROJECT", PROJECT).splitlines() for title, text in found}


def test_the_page_has_commands_of_gcloud_bq_and_gsutil_alone() -> None:
    found = [command.split()[0] for commands in sections().values() for command in commands]
    assert set(found) == {"gcloud", "bq", "gsutil"}


@pytest.fixture(scope="module")
def shell(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The variables of a shell as `envctl env` makes it, in a folder with the page's files."""
    folder = tmp_path_factory.mktemp("tools")
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    account = {"accountId": "tools-account"}
    sandbox.request("POST", f"/iam/v1/projects/{PROJECT}/serviceAccounts", account)
    sandbox.request("PUT", f"/pubsub/v1/projects/{PROJECT}/topics/tools-events", {})
    sandbox.request("POST", f"/storage/v1/b?project={PROJECT}", {"name": "tools-files", "location": "asia-south1"})
    inherited = {name: os.environ[name] for name in ("CLOUDSDK_PYTHON", "LANG") if name in os.environ}
    yield {
        **inherited,
        **cloud_sdk_variables(sandbox.url, PROJECT, "asia-south1", authority=sandbox.document["authority"]),
        **cloud_sdk_files(sandbox.url, PROJECT, folder / "settings"),
        "CLOUDSDK_CONFIG": str(folder / "gcloud"),
        "HOME": str(folder),
        "PATH": PATH,
    }


@pytest.mark.google_tools
@pytest.mark.skipif(not SDK, reason="ATM_CLOUD_SDK names no Google Cloud SDK")
@pytest.mark.parametrize("section", sections())
def test_the_commands_of_the_page_work(shell: dict[str, str], section: str) -> None:
    # This Python has gRPC, which gcloud takes from the packages beside it. The gsutil of the SDK can't be with those.
    over_grpc = {"CLOUDSDK_PYTHON": sys.executable, "CLOUDSDK_PYTHON_SITEPACKAGES": "1"}
    environment = {**shell, **(over_grpc if section == "Worker pools" else {})}
    for command in sections()[section]:
        ended = subprocess.run(
            shlex.split(command), env=environment, cwd=shell["HOME"], capture_output=True, text=True, timeout=300
        )
        assert ended.returncode == 0, f"{command}\n{ended.stdout[-2000:]}\n{ended.stderr[-3000:]}"
