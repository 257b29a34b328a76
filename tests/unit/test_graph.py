"""`envctl graph`: things and references of an environment, and how they are drawn."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from envctl.cli import application
from envctl.drawing import draw
from envctl.environments import load
from envctl.errors import UserError
from envctl.graph import graph
from envctl.graph.layers import layers
from envctl.graph.layout import layout
from envctl.output.graph import svg
from typer.testing import CliRunner

from tests.unit.environments.environment_files import HEAD, EnvironmentFiles

ROOT = Path(__file__).resolve().parents[2]
INFRA = ROOT / "infra"
MAKER = """
    service_accounts: {maker-account: {}, clock-account: {}}
    secrets:
      token: {grants: {read: {role: roles/secretmanager.secretAccessor, members: [maker-account]}}}
    schemas: {tick: {type: AVRO, definition: schemas/tick.avsc}}
    topics:
      ticks:
        schema: {id: tick}
        grants: {publish: {role: roles/pubsub.publisher, members: [maker-account]}}
      dead: {}
    datasets:
      store:
        tables:
          rows:
            schema: schemas/rows.json
            grants:
              write: {role: roles/bigquery.dataEditor, members: [maker-account]}
              read: {role: roles/bigquery.dataViewer, members: [taker/taker-account, "group:quants@example.com"]}
    services:
      maker:
        image: x/y:1
        service_account: maker-account
        secrets: {TOKEN: {secret: token}}
        grants: {call: {role: roles/run.invoker, members: [clock-account]}}
    schedules:
      clock: {cron: "0 9 * * 1-5", http: {service: maker, service_account: clock-account}}
    """
TAKER = """
    service_accounts: {taker-account: {}, push-account: {}}
    subscriptions:
      ticks-in:
        topic: maker/ticks
        dead_letter: {topic: maker/dead}
        push: {service: taker, service_account: push-account}
    services:
      taker:
        image: x/y:1
        service_account: taker-account
        grants: {call: {role: roles/run.invoker, members: [push-account]}}
    """


@pytest.fixture
def envs(tmp_path: Path) -> EnvironmentFiles:
    files = EnvironmentFiles(tmp_path).base(HEAD).dev('project_id: atm-dev-1\nproject_number: "123456789012"\n')
    record = '{"type": "record", "name": "Tick", "fields": [{"name": "price", "type": "double"}]}'
    files.file("schemas/tick.avsc", record).file("schemas/rows.json", '[{"name": "price", "type": "FLOAT64"}]')
    return files.subprojects(maker=MAKER, taker=TAKER)


def edges(files: EnvironmentFiles) -> set[tuple[str, str, str, bool]]:
    found = graph(files.load())
    short = {path: path.removeprefix("subprojects.") for path in found.things}
    return {(short[edge.source], short[edge.target], edge.says, edge.may) for edge in found.edges}


def test_every_reference_and_grant_is_an_edge_in_the_direction_of_what_goes_along(envs: EnvironmentFiles) -> None:
    assert edges(envs) == {
        ("maker.schedules.clock", "maker.services.maker", "http", False),
        ("maker.secrets.token", "maker.services.maker", "secrets TOKEN", False),
        ("maker.secrets.token", "maker.services.maker", "read", True),
        ("maker.schemas.tick", "maker.topics.ticks", "schema", False),
        ("maker.services.maker", "maker.topics.ticks", "publish", True),
        ("maker.services.maker", "maker.datasets.store.tables.rows", "write", True),
        ("maker.datasets.store.tables.rows", "taker.services.taker", "read", True),
        ("maker.topics.ticks", "taker.subscriptions.ticks-in", "topic", False),
        ("taker.subscriptions.ticks-in", "maker.topics.dead", "dead letter", False),
        ("taker.subscriptions.ticks-in", "taker.services.taker", "push", False),
    }


def test_a_grant_to_an_account_that_nothing_uses_is_an_edge_of_the_account(envs: EnvironmentFiles) -> None:
    envs.subprojects(
        maker="service_accounts: {people: {}}\n"
        "topics: {ticks: {grants: {publish: {role: roles/pubsub.publisher, members: [people]}}}}"
    )
    assert edges(envs) == {("maker.service_accounts.people", "maker.topics.ticks", "publish", True)}


def test_what_the_environment_has_once_is_there_with_its_references(envs: EnvironmentFiles) -> None:
    more = HEAD.replace("[", "[monitoring.googleapis.com, ") + "notification_channels: {desk: {topic: maker/ticks}}\n"
    envs.dev(f'project_id: atm-dev-1\nproject_number: "123456789012"\n{more}')
    assert ("notification_channels.desk", "maker.topics.ticks", "topic", False) in edges(envs)


def test_what_is_said_about_costs_is_no_thing(envs: EnvironmentFiles) -> None:
    envs.dev('project_id: atm-dev-1\nproject_number: "123456789012"\nusage: {maker/services/maker: {hours: 8}}\n')
    things = graph(envs.load()).things
    assert "subprojects.maker.services.maker" in things
    assert not [path for path in things if path.startswith("usage")]


def test_things_and_edges_have_their_line_of_yaml(envs: EnvironmentFiles) -> None:
    document = json.loads(draw(envs.load(), INFRA, "json"))
    (topic,) = (one for one in document["things"] if one["path"] == "subprojects.maker.topics.ticks")
    (push,) = (one for one in document["edges"] if one["says"] == "push")
    assert (topic["layer"], topic["file"]) == ("data", "envs/base.yaml")
    lines = (envs.root / "envs/base.yaml").read_text().splitlines()
    assert "ticks:" in lines[topic["line"] - 2] + lines[topic["line"] - 1]
    assert "push: {service: taker" in lines[push["line"] - 1]


@pytest.mark.parametrize("format", ["svg", "mermaid", "json"])
@pytest.mark.parametrize(("by", "subproject"), [("subproject", None), ("layer", None), ("subproject", "maker")])
def test_the_same_environment_looks_the_same(
    envs: EnvironmentFiles, format: str, by: str, subproject: str | None
) -> None:
    once, again = (draw(envs.load(), INFRA, format, by=by, subproject=subproject) for _ in range(2))
    assert once == again


def platform() -> list[str]:
    return list(load("prod", ROOT).declared.subprojects)


@pytest.mark.parametrize("subproject", platform())
@pytest.mark.parametrize("format", ["svg", "mermaid"])
def test_every_declared_thing_is_in_the_view_of_its_subproject(format: str, subproject: str) -> None:
    loaded = load("prod", ROOT)
    drawn = draw(loaded, INFRA, format, subproject=subproject)
    words = set(re.findall(r"[\w./-]+", re.sub(r"<title>.*?</title>", "", drawn)))
    for path, thing in graph(loaded).things.items():
        if thing.group == subproject:
            assert thing.id in words, f"{path} is not drawn"


@pytest.mark.parametrize("view", [("subproject", None), ("layer", None), *(("subproject", s) for s in platform())])
def test_a_picture_is_well_formed_and_every_text_fits_into_it(view: tuple[str, str | None]) -> None:
    drawn = draw(load("prod", ROOT), INFRA, "svg", by=view[0], subproject=view[1])
    root = ElementTree.fromstring(drawn)  # noqa: S314  our own
    wide, high = float(root.get("width", "")), float(root.get("height", ""))
    for text in root.iter("{http://www.w3.org/2000/svg}text"):
        size = svg.width(text.text or "", float(text.get("font-size", "")), bold=text.get("font-weight") is not None)
        before = {"start": 0.0, "middle": 0.5, "end": 1.0}[text.get("text-anchor", "start")] * size
        x, y = float(text.get("x", "")) - before, float(text.get("y", ""))
        assert x >= 0
        assert x + size <= wide
        assert 0 <= y <= high


@pytest.mark.parametrize("by", ["subproject", "layer"])
def test_the_word_for_a_kind_ends_before_its_things_begin(by: str) -> None:
    root = ElementTree.fromstring(draw(load("prod", ROOT), INFRA, "svg", by=by))  # noqa: S314  our own
    things = [rect for rect in root.iter("{http://www.w3.org/2000/svg}rect") if rect.get("height") == "20"]
    begin = min(float(rect.get("x", "")) for rect in things)
    kinds = [text for text in root.iter("{http://www.w3.org/2000/svg}text") if text.get("x") == "38"]
    assert len(kinds) > 10
    for text in kinds:
        if text.get("font-weight") is None:
            assert 38 + svg.width(text.text or "") <= begin, text.text


def test_a_box_holds_its_texts(envs: EnvironmentFiles) -> None:
    root = ElementTree.fromstring(draw(envs.load(), INFRA, "svg", subproject="maker"))  # noqa: S314  our own
    boxes = [group for group in root.iter("{http://www.w3.org/2000/svg}g") if group.find("{*}rect") is not None]
    assert boxes
    for box in boxes:
        rect = box.find("{*}rect")
        assert rect is not None
        for text in box.findall("{*}text"):
            size = svg.width(
                text.text or "", float(text.get("font-size", "")), bold=text.get("font-weight") is not None
            )
            assert float(text.get("x", "")) + size <= float(rect.get("x", "")) + float(rect.get("width", ""))


@pytest.mark.parametrize("view", [("subproject", None), ("layer", None), *(("subproject", s) for s in platform())])
def test_mermaid_has_no_bracket_in_a_text_and_no_name_that_is_not_declared(view: tuple[str, str | None]) -> None:
    lines = draw(load("prod", ROOT), INFRA, "mermaid", by=view[0], subproject=view[1]).splitlines()
    assert lines[0] == "flowchart LR"
    declared = {match[1] for line in lines if (match := re.match(r"\s+(?:subgraph )?(\w+)\[", line))}
    for line in lines:
        for text in re.findall(r'"([^"]*)"', line):
            assert not re.search(r'[\[\](){}|;"]', re.sub(r"#\d+;", "", text)), line
        if arrow := re.match(r'\s+(\w+) -\.?->\|"[^"]*"\| (\w+)$', line):
            assert {arrow[1], arrow[2]} <= declared
    assert sum(line.strip() == "end" for line in lines) == sum("subgraph" in line for line in lines)


def test_mermaid_escapes_what_it_would_read(envs: EnvironmentFiles) -> None:
    drawn = draw(envs.subprojects(maker="topics: {a%b+c~d: {}}").load(), INFRA, "mermaid", subproject="maker")
    assert "a%b+c~d" in drawn


def test_an_edge_leads_from_left_to_right_unless_it_closes_a_circle() -> None:
    placed = layout(dict.fromkeys("abcd", 40.0), [("a", "b"), ("b", "c"), ("c", "a"), ("a", "d"), ("c", "d")])
    assert placed.columns == [["a"], ["b"], ["c"], ["d"]]
    assert [column for column, _ in placed.ways["c", "a"]] == [1]
    assert len(placed.ways["a", "d"]) == 2


def test_boxes_of_a_column_do_not_touch() -> None:
    names = [f"n{index}" for index in range(12)]
    placed = layout(dict.fromkeys(["hub", *names], 40.0), [("hub", name) for name in names])
    middles = sorted(placed.middles[name] for name in names)
    assert all(later - earlier >= 54 - 1e-6 for earlier, later in pairwise(middles))


def test_every_kind_of_a_subproject_has_a_layer() -> None:
    from envctl.environments.models import Subproject

    known = layers(INFRA)
    assert [kind for kind in Subproject.model_fields if kind != "description" and kind not in known] == []


def test_an_environment_without_anything_is_drawn_too(envs: EnvironmentFiles) -> None:
    loaded = envs.base(HEAD).load()
    ElementTree.fromstring(draw(loaded, INFRA, "svg"))  # noqa: S314  our own
    assert draw(loaded, INFRA, "mermaid").startswith("flowchart LR")


def test_an_unknown_subproject_is_refused_with_a_suggestion(envs: EnvironmentFiles) -> None:
    with pytest.raises(UserError, match="taker"):
        draw(envs.load(), INFRA, "svg", subproject="takr")


def test_the_command_writes_a_file_and_says_where_it_cannot(tmp_path: Path) -> None:
    out = tmp_path / "prod.svg"
    answer = CliRunner().invoke(application, ["graph", "prod", "--out", str(out)])
    assert answer.exit_code == 0, answer.output
    assert out.read_text().startswith("<svg ")
    answer = CliRunner().invoke(application, ["graph", "prod", "--out", str(out / "below-a-file.svg")])
    assert isinstance(answer.exception, UserError)
    assert "can't be written" in str(answer.exception)


def test_a_broken_environment_is_refused_with_its_line(envs: EnvironmentFiles) -> None:
    problem = envs.subprojects(taker=TAKER.replace("maker/", "makr/")).problems()
    assert any(re.match(r"envs/base\.yaml:\d+:\d+", one) and "makr/ticks" in one for one in problem)
