"""`http`: what an address answers."""

from __future__ import annotations

import asyncio
import base64
import ssl
import tempfile
from pathlib import Path

import httpx

from sandbox.provider.diagnostics import Problem, ProviderError
from sandbox.provider.local.kind import DataSource, Run, State, fields

_FIELDS = fields("""
url string required
ca_cert_pem string
client_cert_pem string required_with=client_key_pem
client_key_pem string required_with=client_cert_pem
insecure bool
method string values=GET|POST|HEAD
request_body string
request_headers map(string)
request_timeout_ms number
retry single
  attempts number
  max_delay_ms number
  min_delay_ms number
body string computed deprecated
id string computed
response_body string computed
response_body_base64 string computed
response_headers map(string) computed
status_code number computed
""")


def _trust(config: State) -> ssl.SSLContext:
    context = ssl.create_default_context(cadata=config.get("ca_cert_pem"))
    if config.get("insecure"):
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if config.get("client_cert_pem"):
        with tempfile.TemporaryDirectory() as folder:
            both = Path(folder, "client.pem")
            both.write_text(f"{config['client_cert_pem']}\n{config['client_key_pem']}")
            context.load_cert_chain(both)
    return context


async def _read(config: State, run: Run) -> State:
    retry = config.get("retry") or {}
    attempts, least = int(retry.get("attempts") or 0), int(retry.get("min_delay_ms") or 1000) / 1000
    most = int(retry.get("max_delay_ms") or 30_000) / 1000
    limit = config.get("request_timeout_ms")
    try:
        url = run.here(config["url"])
    except ValueError as error:
        raise ProviderError(Problem("Error making request", f"{config['url']}: {error}", ("url",))) from error
    try:
        async with httpx.AsyncClient(
            verify=_trust(config), follow_redirects=True, timeout=limit / 1000 if limit else None
        ) as client:
            for attempt in range(attempts + 1):
                try:
                    answer = await client.request(
                        config.get("method") or "GET",
                        url,
                        headers=config.get("request_headers") or {},
                        content=config.get("request_body"),
                    )
                except httpx.TransportError:
                    if attempt == attempts:
                        raise
                else:
                    if attempt == attempts or not (answer.status_code == 429 or answer.status_code >= 500):
                        break
                await asyncio.sleep(min(least * 2**attempt, most))
    except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, OSError) as error:
        raise ProviderError(Problem("Error making request", f"{config['url']}: {error}", ("url",))) from error
    text = answer.content.decode(errors="replace")
    return {
        **config,
        "id": config["url"],
        "body": text,
        "response_body": text,
        "response_body_base64": base64.b64encode(answer.content).decode(),
        "response_headers": {_canonical(name): value for name, value in answer.headers.items()},
        "status_code": answer.status_code,
    }


def _canonical(name: str) -> str:
    """A header's name as Go writes it.

    >>> _canonical("content-type")
    'Content-Type'
    """
    return "-".join(part.capitalize() for part in name.split("-"))


SOURCE = DataSource("http", _FIELDS, _read)
