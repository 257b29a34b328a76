"""Which layer wins, and what is said about what is wrong in one."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from shared_services import BaseServiceConfig, ConfigManager, InvalidConfiguration, UnknownConfiguration
from shared_services.config.layers import RemoteObject

Write = Callable[[str, str], Path]


class Remote:
    """A bucket in memory; `down` makes it fail."""

    def __init__(self, **objects: str) -> None:
        self.objects = {name.replace("__", "/") + ".yaml": text for name, text in objects.items()}
        self.generation = 1
        self.down = False

    def read(self, name: str) -> RemoteObject | None:
        if self.down:
            raise TimeoutError("no answer")
        if name not in self.objects:
            return None
        return RemoteObject(f"gs://config/{name}", self.generation, self.objects[name].encode())


def problems(manager: ConfigManager, name: str) -> list[str]:
    with pytest.raises(InvalidConfiguration) as caught:
        manager.get_config(name)
    return [str(problem) for problem in caught.value.problems]


def test_later_layers_win_key_by_key(folder: Path, write: Write) -> None:
    write("environments/test/risk.yaml", "limits: {orders_per_minute: 60, price_band: 0.04}\n")
    remote = Remote(risk="limits: {price_band: 0.05, stale_price_seconds: 7}\n")
    environ = {"RISK__LIMITS__STALE_PRICE_SECONDS": "9"}
    limits = ConfigManager(folder, environment="test", remote=remote, environ=environ).get_config("risk").limits
    assert limits.order_value == 50000  # the file
    assert limits.orders_per_minute == 60  # the environment's file
    assert limits.price_band == Decimal("0.05")  # the object
    assert limits.stale_price_seconds == 9  # the variable


def test_origins_name_every_layer(folder: Path, write: Write) -> None:
    write("environments/test/risk.yaml", "check_timeout_ms: 60\n")
    environ = {"RISK__LIMITS__STALE_PRICE_SECONDS": "9"}
    manager = ConfigManager(folder, environment="test", remote=Remote(risk="check_timeout_ms: 70\n"), environ=environ)
    assert manager.history("risk")[0].origins == (
        "defaults",
        "config/risk.yaml",
        "config/environments/test/risk.yaml",
        "gs://config/risk.yaml#1",
        "$RISK__LIMITS__STALE_PRICE_SECONDS",
    )


def test_null_takes_back_to_the_default(folder: Path, write: Write) -> None:
    write("environments/test/notifications.yaml", "telegram: null\n")
    assert ConfigManager(folder, environment="test", environ={}).get_config("notifications").telegram is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("mode: papre\n", 'config/trading.yaml:1:7 mode: expected "paper" or "live", got text "papre"'),
        ("capitl: 5\n", 'config/trading.yaml:1:1 capitl: unknown key (did you mean "capital"?)'),
        ('capital: "lots"\n', "config/trading.yaml:1:10 capital: expected a number"),
        ("capital: -1\n", "config/trading.yaml:1:10 capital: is at least 0"),
        ("capital: yes\n", "config/trading.yaml:1:10 capital: expected a number"),
        ("capital: 1\nentry:\n  opens: '9:20'\n", 'config/trading.yaml:3:10 entry.opens: "9:20" is no time of day'),
        ("capital: 1\nentry: {opens: '15:00', closes: '10:00'}\n", "config/trading.yaml:2:16 entry.opens: opens is"),
        ("capital: 1\nmode: live\n", "exchange_algorithm_id: live trading needs the algorithm's id"),
        ("capital: 1\ncapital: 2\n", "config/trading.yaml:2:1 capital: the key stands twice: first in line 1"),
        ("- 1\n", "config/trading.yaml:1:1: expected a mapping, got a list"),
        ("capital: [\n", "config/trading.yaml:2:1: is not YAML"),
        ("", "config/trading.yaml:1:1: is empty"),
        ("entry: {opens: '09:30'}\n", '"capital" is missing (add capital: …)'),
    ],
)
def test_what_is_wrong_has_its_place(manager: ConfigManager, write: Write, text: str, said: str) -> None:
    write("trading.yaml", text)
    assert any(said in problem for problem in problems(manager, "trading")), problems(manager, "trading")


def test_every_problem_is_said_at_once(manager: ConfigManager, write: Write) -> None:
    write("trading.yaml", "capital: x\nmode: y\nbrokr: z\n")
    assert len(problems(manager, "trading")) == 3


def test_a_missing_file_says_what_to_do(manager: ConfigManager, folder: Path) -> None:
    (folder / "trading.yaml").unlink()
    assert "there is no such file" in problems(manager, "trading")[0]


def test_a_file_that_is_not_utf8_has_its_place(manager: ConfigManager, folder: Path) -> None:
    (folder / "trading.yaml").write_bytes(b"capital: 1\nbroker: \xff\n")
    assert problems(manager, "trading")[0].startswith("config/trading.yaml:2:9")


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"TRADING__CAPITL": "5"}, '$TRADING__CAPITL:1:1 CAPITL: unknown key (did you mean "capital"?)'),
        ({"TRADING__CAPITAL": "lots"}, "$TRADING__CAPITAL:1:1 capital: expected a number"),
        ({"TRADING__MAXIMUM_OPEN_POSITIONS": "010"}, "$TRADING__MAXIMUM_OPEN_POSITIONS:1:1"),
        ({"TRADING__SEGMENTS": "[EQ"}, "is not JSON"),
    ],
)
def test_a_wrong_variable_is_named(folder: Path, environ: dict[str, str], said: str) -> None:
    found = problems(ConfigManager(folder, environ=environ), "trading")
    assert any(said in problem for problem in found), found


def test_variables_are_read_by_the_type_of_what_they_set(folder: Path) -> None:
    environ = {
        "TRADING__CAPITAL": "250000.50",
        "TRADING__SEGMENTS": "EQ, FO",
        "TRADING__EXCHANGE_ALGORITHM_ID": "007",
        "TRADING__ENTRY__OPENS": "10:00",
        "TRADING__ORDERS": '{"type": "MARKET"}',
    }
    trading = ConfigManager(folder, environ=environ).get_config("trading")
    assert trading.capital == Decimal("250000.50")
    assert trading.segments == ("EQ", "FO")
    assert trading.exchange_algorithm_id == "007"
    assert (trading.entry.opens, trading.entry.closes, trading.orders.type) == ("10:00", "15:10", "MARKET")


def test_a_services_variables_have_its_own_names(folder: Path) -> None:
    environ = {"SERVICE_PORT": "9001", "LOG_LEVEL": "DEBUG", "DEPENDENCIES": "auth,api-gateway"}
    config = ConfigManager(folder, environ=environ).get_config("market-data-ingestion")
    assert (config.SERVICE_PORT, config.LOG_LEVEL, config.DEPENDENCIES) == (9001, "DEBUG", ("auth", "api-gateway"))


def test_another_services_port_is_not_taken(folder: Path) -> None:
    environ = {"SERVICE_NAME": "api-gateway", "PORT": "8080", "SERVICE_PORT": "8080"}
    manager = ConfigManager(folder, environ=environ)
    assert manager.get_config("market-data-ingestion").SERVICE_PORT == 8001
    assert manager.get_config("market-data-ingestion").SERVICE_NAME == "market-data-ingestion"


def test_cloud_runs_port_is_taken(folder: Path) -> None:
    assert ConfigManager(folder, environ={"PORT": "8080"}).get_config("auth").SERVICE_PORT == 8080


def test_a_typo_of_a_name_is_not_a_new_service(manager: ConfigManager) -> None:
    with pytest.raises(UnknownConfiguration, match="market-data-ingestion"):
        manager.get_config("market-data-ingestoin")
    with pytest.raises(UnknownConfiguration, match="there is no configuration"):
        manager.get_config("../../etc/passwd")
    assert manager.get_config("your-service-name").SERVICE_NAME == "your-service-name"


def test_a_services_own_class_keeps_what_the_file_says(manager: ConfigManager) -> None:
    class Own(BaseServiceConfig):
        SERVICE_NAME: str = "market-data-ingestion"
        EXTRA_FLAG: bool = True

    config = manager.get_config("market-data-ingestion")
    assert isinstance(config, Own)
    assert (config.EXTRA_FLAG, config["BATCH_ROWS"], config.SERVICE_PORT) == (True, 5000, 8001)


def test_the_bucket_down_is_no_reason_not_to_start(folder: Path) -> None:
    remote = Remote()
    remote.down = True
    manager = ConfigManager(folder, remote=remote, environ={})
    assert manager.get_config("trading").mode == "paper"
    assert manager.status("trading")[0].remote_error == "no answer"


def test_old_names_of_services_still_work(manager: ConfigManager) -> None:
    assert manager.get_config("risk-calculation-engine") is manager.get_config("risk-manager")


def test_a_value_is_found_by_its_path(manager: ConfigManager) -> None:
    trading = manager.get_config("trading")
    assert (trading["entry.opens"], trading["segments[0]"], trading.get("entry.none", 1)) == ("09:20", "EQ", 1)
    with pytest.raises(KeyError):
        trading["segments[9]"]
    with pytest.raises(KeyError):
        trading["model_config"]
