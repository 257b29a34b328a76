"""What a registry has, asked by its HTTP API (OCI distribution, version 2)."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from typing import Any

import httpx

from ..errors import UserError

_TYPES = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
_USER = "oauth2accesstoken"
_CHALLENGE = re.compile(r'(\w+)="([^"]*)"')
_LOOPBACK = ("localhost", "127.0.0.1")


@dataclass(slots=True)
class Registry:
    """A registry.

    Args:
        host: such as `asia-south1-docker.pkg.dev`.
        token: an access token of Google's; none asks as anybody.
    """

    host: str
    token: str | None = None

    def digest(self, path: str, tag: str) -> str | None:
        """The digest of a tag; None where there is no such tag.

        Args:
            path: the image's name without the host.
            tag: such as a commit.

        Raises:
            UserError: the registry can't be asked, or says no.
        """
        scheme = "http" if self.host.partition(":")[0] in _LOOPBACK else "https"
        address = f"{scheme}://{self.host}/v2/{path}/manifests/{tag}"
        headers = {"accept": ", ".join(_TYPES)}
        try:
            with httpx.Client(timeout=30, follow_redirects=False) as client:
                answer = client.get(address, headers=headers)
                if answer.status_code == httpx.codes.UNAUTHORIZED:
                    allowed = self._allowed(client, answer, path)
                    answer = client.get(address, headers={**headers, "authorization": allowed})
        except httpx.HTTPError as error:
            raise UserError(f"{self.host} can't be asked", why=str(error) or type(error).__name__) from None
        if answer.status_code == httpx.codes.NOT_FOUND:
            return None
        if answer.status_code != httpx.codes.OK:
            why = f"it answered {answer.status_code} to {path}:{tag}"
            raise UserError(f"{self.host} doesn't say", why=why, todo="may the account read the repository?")
        # The content is what counts; a registry that says another digest of it is not to be believed.
        found = f"sha256:{hashlib.sha256(answer.content).hexdigest()}"
        said = answer.headers.get("docker-content-digest", found)
        if said != found:
            raise UserError(f"{self.host} says another digest than its answer has", why=f"{said} of {path}:{tag}")
        return found

    def _allowed(self, client: httpx.Client, answer: httpx.Response, path: str) -> str:
        """What to sign the request with, as the registry asks for it. Credentials go to its own host alone."""
        asked = answer.headers.get("www-authenticate", "")
        fields = dict(_CHALLENGE.findall(asked))
        realm = fields.get("realm", "")
        if not asked.lower().startswith("bearer ") or not realm:
            return self._basic()
        own = httpx.URL(realm).host == self.host.partition(":")[0]
        headers = {"authorization": self._basic()} if self.token and own else {}
        query = {"scope": fields.get("scope") or f"repository:{path}:pull"}
        if "service" in fields:
            query["service"] = fields["service"]
        said = client.get(realm, params=query, headers=headers)
        if said.status_code != httpx.codes.OK:
            why = f"{httpx.URL(realm).host} answered {said.status_code}"
            raise UserError(f"{self.host} doesn't let us in", why=why, todo="sign in to Google, and try again")
        given: Any = said.json()
        return f"Bearer {given.get('token') or given.get('access_token')}"

    def _basic(self) -> str:
        return "Basic " + base64.b64encode(f"{_USER}:{self.token or ''}".encode()).decode()
