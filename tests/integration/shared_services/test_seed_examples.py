"""The users' own examples, as they stand in their documents (import path aside), run against a sandbox."""

from __future__ import annotations

import contextlib
import io
import json
import sys
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from shared_services import SecretManager, flush_logs
from shared_services.config import manager as managers
from shared_services.logging import state

Made = Callable[..., Any]

EXAMPLES = {
    "configuration manager": """
from shared_services import ConfigManager

config = ConfigManager()
trading_config = config.get_config('trading')
db_config = config.get_secret_config('database')
""",
    "logging utilities": """
from shared_services import Logger

logger = Logger(__name__)
logger.info("Processing started", extra={"symbol": "RELIANCE"})
logger.performance("trade_execution", 0.023)
""",
    "cloud utilities": """
from shared_services import BigQueryClient, SecretManager

bq = BigQueryClient()
secrets = SecretManager()

api_key = secrets.get_secret("kite_api_key")
data = bq.query("SELECT * FROM trading_data.signals LIMIT 10")
""",
    "configuration management": """
# Load configuration
from shared_services import ConfigManager

config = ConfigManager()
app_config = config.load_config('application')
db_settings = config.get_database_config()
""",
    "logging": """
# Structured logging
from shared_services import get_logger

logger = get_logger(__name__)
logger.info("Trade executed", extra={
    "symbol": "RELIANCE",
    "quantity": 100,
    "price": 2450.50
})
""",
    "base configuration class": """
from shared.config.base_config import BaseServiceConfig, get_config

# Service-specific configuration
class MarketDataConfig(BaseServiceConfig):
    SERVICE_NAME: str = "market-data-ingestion"
    SERVICE_PORT: int = 8001
    DATA_REFRESH_INTERVAL_MINUTES: int = 15

# Usage in service
config = get_config("market-data-ingestion")
""",
    "structured logging": """
from shared.utils.logging import setup_logging, get_logger, log_request

# Setup service logging
setup_logging(
    service_name="market-data-ingestion",
    log_level="INFO",
    log_format="json",
    log_file="logs/service.log"
)

# Use structured logging
logger = get_logger("market_data")
logger.info("Service started", port=8001, version="1.0.0")

# Automatic request logging
log_request("GET", "/api/data", 200, 45.2, user_id="user123")
""",
    "configuration testing": """
# Test configuration loading
from shared.config.base_config import get_config

config = get_config("market-data-ingestion")
assert config.SERVICE_NAME == "market-data-ingestion"
assert config.SERVICE_PORT == 8001
""",
    "using shared configuration": """
# In your service's main.py
from shared.config.base_config import get_config
from shared.utils.logging import setup_logging

# Initialize service
config = get_config("your-service-name")
setup_logging(config.SERVICE_NAME, config.LOG_LEVEL, config.LOG_FORMAT)
""",
}


@pytest.fixture(scope="module")
def things(environ: dict[str, str], sandbox: Any) -> None:
    """What the examples name: two secrets and a table."""
    project = environ["GOOGLE_CLOUD_PROJECT"]
    for name in ("database-password", "kite_api_key"):
        path = f"/secretmanager/v1/projects/{project}/secrets?secretId={name}"
        sandbox.request("POST", path, {"replication": {"automatic": {}}})
        SecretManager(environ=environ).rotate(name, f"value-of-{name}")
    reference = {"datasetId": "trading_data", "projectId": project}
    datasets = f"/bigquery/v2/projects/{project}/datasets"
    assert sandbox.request("POST", datasets, {"datasetReference": reference, "location": "asia-south1"}).status == 200
    fields = [{"name": "symbol", "type": "STRING"}, {"name": "signal", "type": "INT64"}]
    table = {"tableReference": {**reference, "tableId": "signals"}, "schema": {"fields": fields}}
    assert sandbox.request("POST", f"{datasets}/trading_data/tables", table).status == 200


@pytest.fixture
def run(
    things: None, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Callable[[str], dict[str, Any]]]:
    """Runs an example in a folder of its own, with the variables of `envctl env`."""
    root = Path(__file__).resolve().parents[3]
    (tmp_path / "config").symlink_to(root / "config")
    monkeypatch.chdir(tmp_path)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    import shared_services

    for old in ("shared", "shared.config", "shared.config.base_config", "shared.utils", "shared.utils.logging"):
        module = types.ModuleType(old)
        module.__getattr__ = lambda name: getattr(shared_services, name)  # type: ignore[method-assign]
        module.__path__ = []
        monkeypatch.setitem(sys.modules, old, module)
    monkeypatch.setattr(managers, "_default", None)
    before, classes = state.current(), dict(shared_services.BaseServiceConfig.classes)

    def run(name: str) -> dict[str, Any]:
        names: dict[str, Any] = {"__name__": "example"}
        exec(compile(EXAMPLES[name], name, "exec"), names)  # noqa: S102
        return names

    yield run
    state.replace(before)
    shared_services.BaseServiceConfig.classes.clear()
    shared_services.BaseServiceConfig.classes.update(classes)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_runs_as_it_stands(name: str, run: Callable[[str], dict[str, Any]]) -> None:
    with contextlib.redirect_stdout(io.StringIO()):
        run(name)
        assert flush_logs()


def test_the_examples_give_what_they_promise(run: Callable[[str], dict[str, Any]], tmp_path: Path) -> None:
    assert run("configuration manager")["db_config"].password.get_secret_value() == "value-of-database-password"
    assert "value-of-database-password" in run("configuration management")["db_settings"].connection_url()
    cloud = run("cloud utilities")
    assert (cloud["api_key"], cloud["data"].rows()) == ("value-of-kite_api_key", [])
    assert type(run("base configuration class")["config"]).__name__ == "MarketDataConfig"
    with contextlib.redirect_stdout(io.StringIO()):
        run("structured logging")
        assert flush_logs()
    started, request = (json.loads(line) for line in (tmp_path / "logs/service.log").read_text().splitlines())
    assert (started["message"], started["service"], started["port"]) == (
        "Service started",
        "market-data-ingestion",
        8001,
    )
    assert (request["user_id"], request["duration_ms"]) == ("user123", 45.2)
