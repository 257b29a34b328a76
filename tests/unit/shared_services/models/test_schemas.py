"""One schema a model: the files of envs/, what BigQuery and Pub/Sub take, and there and back again."""

from __future__ import annotations

import io
import json
from pathlib import Path

import fastavro
import pytest
from envctl.environments.checks.avro import avro_faults
from envctl.environments.checks.bigquery import columns
from hypothesis import given, settings
from hypothesis import strategies as st
from made import ANY

from sandbox.apis.pubsub.avro import Schema as SandboxSchema
from shared_services.models import (
    MODELS,
    Incomplete,
    Instrument,
    Signal,
    UnreadableMessage,
    avro_schema,
    bigquery_schema,
    schema_files,
)
from shared_services.models.base import Model

SCHEMAS = Path(__file__).resolve().parents[4] / "envs/schemas"
SENT = [model for model in MODELS if model.SCHEMA.record]
# The tables as they were before the models made them: no column of them may go or change its type.
FORMER = {
    "market_data": "trade_date DATE, bar_start TIMESTAMP, bar_interval STRING, symbol STRING, exchange STRING, "
    "open NUMERIC, high NUMERIC, low NUMERIC, close NUMERIC, volume INTEGER, open_interest INTEGER, source STRING, "
    "ingested_at TIMESTAMP",
    "performance": "trade_date DATE, strategy STRING, symbol STRING, trades INTEGER, pnl NUMERIC, return_rate FLOAT, "
    "sharpe_ratio FLOAT, max_drawdown FLOAT, win_rate FLOAT, computed_at TIMESTAMP",
    "signals": "signal_id STRING, run_id STRING, trade_date DATE, generated_at TIMESTAMP, strategy STRING, "
    "symbol STRING, signal INTEGER, strength FLOAT, price NUMERIC, features JSON",
}


def each(models: list[type[Model]] | tuple[type[Model], ...]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("model", models, ids=lambda model: model.__name__)


def test_the_files_of_envs_are_made_from_the_models() -> None:
    for name, text in schema_files().items():
        assert (SCHEMAS / name).read_text() == text, f"{name}: run `make generate`"


@pytest.mark.parametrize("table", sorted(FORMER))
def test_no_column_of_a_former_table_is_gone_or_retyped(table: str) -> None:
    now = [f"{column['name']} {column['type']}" for column in json.loads((SCHEMAS / f"{table}.json").read_text())]
    former = FORMER[table].split(", ")
    assert now[: len(former)] == former


@each(MODELS)
def test_bigquery_would_take_the_table(model: type[Model]) -> None:
    assert list(columns(bigquery_schema(model), [])) == []


@each(SENT)
def test_pubsub_would_take_the_schema(model: type[Model]) -> None:
    assert list(avro_faults(avro_schema(model))) == []
    SandboxSchema(json.dumps(avro_schema(model)))
    fastavro.parse_schema(avro_schema(model))


@each(MODELS)
@settings(max_examples=15)
@given(data=st.data())
def test_json_there_and_back(model: type[Model], data: st.DataObject) -> None:
    value = data.draw(ANY[model])
    assert model.from_json(value.to_json()) == value


@each(MODELS)
@settings(max_examples=15)
@given(data=st.data())
def test_rows_there_and_back(model: type[Model], data: st.DataObject) -> None:
    value = data.draw(ANY[model])
    row = value.to_row()
    assert list(row) == [column["name"] for column in bigquery_schema(model)]
    assert model.from_row(json.loads(json.dumps(row))) == value


@each(SENT)
@settings(max_examples=15)
@given(data=st.data())
def test_messages_there_and_back_in_both_encodings(model: type[Model], data: st.DataObject) -> None:
    value = data.draw(ANY[model])
    schema = SandboxSchema(json.dumps(avro_schema(model)))
    text, binary = value.to_message(), value.to_message("BINARY")
    schema.check_json(text.data)
    schema.check_binary(binary.data)
    assert model.from_message(text.data, text.attributes) == value
    assert model.from_message(binary.data, binary.attributes) == value
    record = fastavro.schemaless_reader(io.BytesIO(binary.data), fastavro.parse_schema(avro_schema(model)), None)
    assert model.from_json(json.dumps(_plain(model, record))) == value


def _plain(model: type[Model], record: object) -> object:
    assert isinstance(record, dict)
    objects = {name for name in record if name in ("limits", "details", "evidence")}
    return {key: json.loads(value) if key in objects and value else value for key, value in record.items()}


@each(SENT)
@settings(max_examples=40)
@given(data=st.binary(max_size=60), encoding=st.sampled_from(["JSON", "BINARY"]))
def test_garbage_is_a_value_error(model: type[Model], data: bytes, encoding: str) -> None:
    with pytest.raises(ValueError):
        model.from_message(data, {"encoding": encoding})


def test_a_signal_without_a_price_is_made_but_neither_stored_nor_sent() -> None:
    signal = Signal(strategy="momentum", symbol="INFY", signal=1)
    with pytest.raises(Incomplete, match="table needs price"):
        signal.to_row()
    with pytest.raises(Incomplete, match="message needs price"):
        signal.to_message()
    assert signal.at(1500.5).to_row()["price"] == "1500.5"


def test_another_models_message_and_a_newer_version_are_refused() -> None:
    message = Signal(strategy="momentum", symbol="INFY", signal=1, price=1).to_message()
    with pytest.raises(UnreadableMessage, match="a message of 'fill'"):
        Signal.from_message(message.data, {**message.attributes, "schema": "fill"})
    with pytest.raises(UnreadableMessage, match="reads up to 1"):
        Signal.from_message(message.data, {**message.attributes, "schema_version": "2"})
    with pytest.raises(UnreadableMessage, match="reads up to 1"):
        Instrument.from_json('{"schema_version": 2, "symbol": "TCS"}')


def test_a_message_keeps_the_order_of_its_symbol() -> None:
    message = Signal(strategy="momentum", symbol="INFY", signal=1, price=1).to_message()
    assert message.ordering_key == "INFY"
    assert message.attributes == {"schema": "signal", "schema_version": "1", "encoding": "JSON"}


def test_pubsubs_own_attribute_says_the_encoding() -> None:
    binary = Signal(strategy="momentum", symbol="INFY", signal=1, price=1).to_message("BINARY")
    assert Signal.from_message(binary.data, {"googclient_schemaencoding": "BINARY"}).symbol == "INFY"
