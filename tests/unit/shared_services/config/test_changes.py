"""Changes at run time: who may overwrite what, what is kept, and what is mended after a fault."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from shared_services import ConfigManager, InputError, InvalidConfiguration, PreconditionFailed, UnknownConfiguration
from shared_services.config.changes import (
    Change,
    ConfigChanges,
    Conflict,
    MemoryObjects,
    NoSuchChange,
    NotOpen,
    OwnProposal,
    Withheld,
)
from shared_services.config.changes.state import read_layer_text
from shared_services.config.changes.text import layer_text
from shared_services.config.layers import RemoteObject

LIMIT = ("limits", "orders_per_minute")


@pytest.fixture
def objects() -> MemoryObjects:
    return MemoryObjects()


@pytest.fixture
def changes(objects: MemoryObjects) -> ConfigChanges:
    return ConfigChanges(objects, environment="test")


def limit(value: Any) -> dict[str, Any]:
    return {"limits": {"orders_per_minute": value}}


def now(changes: ConfigChanges) -> int:
    return int(changes.state("risk").values["limits"]["orders_per_minute"])


def test_a_change_is_what_services_read(changes: ConfigChanges, objects: MemoryObjects) -> None:
    change = changes.apply("risk", limit(60), base=0, by="ana@example.com", comment="slower\nfor now")
    assert [(each.path, each.before, each.after) for each in change.differences] == [(LIMIT, 120, 60)]

    class Bucket:
        def read(self, name: str) -> RemoteObject:
            data, generation = objects.read_with_generation(name)
            return RemoteObject(name, generation, data)

    assert ConfigManager(environ={}, remote=Bucket()).get_config("risk").limits.orders_per_minute == 60
    assert changes.glance("risk") == type(changes.glance("risk"))("risk", 1, change.at, "ana@example.com")


def test_of_two_editors_the_second_is_told(changes: ConfigChanges) -> None:
    changes.apply("risk", limit(60), base=0, by="ana")
    with pytest.raises(Conflict, match="at version 1, not 0") as caught:
        changes.apply("risk", limit(70), base=0, by="ravi")
    assert (caught.value.version, now(changes)) == (1, 60)


def test_of_many_at_once_one_wins(changes: ConfigChanges) -> None:
    results: list[Any] = []

    def change(value: int) -> None:
        try:
            results.append(changes.apply("risk", limit(value), base=0, by=str(value)).by)
        except Conflict:
            results.append(None)

    threads = [threading.Thread(target=change, args=(value,)) for value in range(1, 13)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    (winner,) = [each for each in results if each]
    assert (now(changes), [each.by for each in changes.history("risk")]) == (int(winner), [winner])


@pytest.mark.parametrize(
    ("override", "path"),
    [
        (limit(0), "limits.orders_per_minute"),
        ({"limits": {"orders_per_minit": 5}}, "limits.orders_per_minit"),
        ({"loss": {"daily_reduce": 0.5}}, "loss.daily_reduce"),
    ],
)
def test_what_is_wrong_is_refused_at_its_place(changes: ConfigChanges, override: dict[str, Any], path: str) -> None:
    assert [each.path for each in changes.check("risk", override).problems] == [path]
    for call in (changes.apply, changes.propose):
        with pytest.raises(InvalidConfiguration):
            call("risk", override, base=0, by="ana")
    assert changes.history("risk") == []


@pytest.mark.parametrize("value", [float("nan"), 10**30, "\0", "\ud800"])
def test_what_no_reader_holds_is_refused(changes: ConfigChanges, value: Any) -> None:
    with pytest.raises(InputError):
        changes.apply("risk", limit(value), base=0, by="ana")
    deep: Any = 1
    for _ in range(100):
        deep = {"x": deep}
    with pytest.raises(InputError, match="deeply"):
        changes.check("risk", deep)


def test_a_name_is_checked_before_anything_is_read(changes: ConfigChanges) -> None:
    for name in ("../risk", "riskk", "history/risk"):
        with pytest.raises(UnknownConfiguration):
            changes.state(name)
    for proposal in ("../../risk", "x", "20260101T000000-0000000g"):
        with pytest.raises(NoSuchChange):
            changes.proposal("risk", proposal)


def test_a_rollback_is_a_new_version(changes: ConfigChanges) -> None:
    changes.apply("risk", limit(60), base=0, by="ana")
    changes.apply("risk", limit(30), base=1, by="ana")
    back = changes.rollback("risk", 1, base=2, by="ravi", comment="too slow")
    assert (back.version, back.of_version, back.action, now(changes)) == (3, 1, "rollback", 60)
    assert changes.rollback("risk", 0, base=3, by="ravi").version == 4
    assert (now(changes), changes.state("risk").override) == (120, {})
    assert [each.version for each in changes.history("risk", most=2)] == [4, 3]
    assert [each.version for each in changes.history("risk", before=3)] == [2, 1]
    with pytest.raises(NoSuchChange):
        changes.rollback("risk", 9, base=4, by="ravi")


def test_a_proposal_waits_for_another_person(objects: MemoryObjects) -> None:
    changes = ConfigChanges(objects, environment="test", four_eyes=True)
    made = changes.propose("risk", limit(60), base=0, by="ana", comment="slower")
    assert (now(changes), [each.state for each in changes.proposals()]) == (120, ["open"])
    with pytest.raises(OwnProposal):
        changes.accept("risk", made.id, by="ana")
    with pytest.raises(OwnProposal):
        changes.apply("risk", limit(60), base=0, by="ana")
    change = changes.accept("risk", made.id, by="ravi")
    assert (change.by, change.proposed_by, change.comment, now(changes)) == ("ravi", "ana", "slower", 60)
    assert changes.proposal("risk", made.id).state == "applied"
    with pytest.raises(NotOpen):
        changes.decline("risk", made.id, by="ravi")


def test_a_proposal_is_overtaken_by_a_change(changes: ConfigChanges) -> None:
    made = changes.propose("risk", limit(60), base=0, by="ana")
    other = changes.propose("risk", limit(50), base=0, by="ana")
    changes.apply("risk", limit(70), base=0, by="ravi")
    assert {each.state for each in changes.proposals("risk")} == {"stale"}
    with pytest.raises(Conflict):
        changes.accept("risk", made.id, by="ravi")
    again = changes.propose("risk", limit(50), base=1, by="ana")
    assert changes.decline("risk", again.id, by="ravi", answer="no").state == "rejected"
    assert changes.propose("risk", limit(50), base=1, by="ana").id > other.id[:15]
    withdrawn = changes.propose("risk", limit(40), base=1, by="ana")
    assert changes.decline("risk", withdrawn.id, by="ana").state == "withdrawn"


class Dying(MemoryObjects):
    """A bucket whose writer dies before a write of a name."""

    def __init__(self) -> None:
        super().__init__()
        self.dies_at = ""

    def write(self, name: str, data: bytes, **more: Any) -> int:
        if self.dies_at and name.startswith(self.dies_at):
            raise SystemExit
        return super().write(name, data, **more)


def test_what_a_dead_process_left_is_finished() -> None:
    objects = Dying()
    changes = ConfigChanges(objects, environment="test")
    made = changes.propose("risk", limit(60), base=0, by="ana")
    objects.dies_at = "risk.yaml"  # it is committed, and services don't see it yet
    with pytest.raises(SystemExit):
        changes.accept("risk", made.id, by="ravi")
    objects.dies_at = ""
    assert changes.proposal("risk", made.id).state == "applied"
    assert (changes.state("risk").version, now(changes)) == (1, 60)
    assert b"orders_per_minute: 60" in objects.read_with_generation("risk.yaml")[0]
    objects.dies_at = "history/"  # nothing is committed
    with pytest.raises(SystemExit):
        changes.apply("risk", limit(30), base=1, by="ana")
    objects.dies_at = ""
    assert (changes.state("risk").version, now(changes)) == (1, 60)


def test_what_is_written_by_hand_becomes_a_version(changes: ConfigChanges, objects: MemoryObjects) -> None:
    objects.write("risk.yaml", b"limits: {orders_per_minute: 10}\n")
    assert (changes.state("risk").version, now(changes)) == (1, 10)
    changes.apply("risk", limit(60), base=1, by="ana")
    objects.write("risk.yaml", b"limits: [")
    state = changes.state("risk")
    assert (state.version, [each.action for each in changes.history("risk")]) == (3, ["outside", "apply", "outside"])
    assert state.problems
    with pytest.raises(Withheld, match="written by hand"):  # nobody can tell what in it is secret
        changes.rollback("risk", 3, base=3, by="ana")
    assert changes.rollback("risk", 2, base=3, by="ana").version == 4
    assert now(changes) == 60


def test_a_secret_that_is_written_by_hand_is_in_no_record(changes: ConfigChanges, objects: MemoryObjects) -> None:
    objects.write("database.yaml", b"# password=hunter2 since May\nhost: db-1\n")
    objects.write("brokers.yaml", b"kite: {api_key: hunter2}\n")
    assert changes.state("database").version == 1
    assert changes.state("brokers").version == 1
    for _ in range(2):  # what is recorded is known again
        assert (changes.state("brokers").version, changes.state("database").version) == (1, 1)
    objects.write("brokers.yaml", b"kite: {api_key: hunter22}\n")  # the record's text would be the same
    assert changes.state("brokers").version == 2
    with pytest.raises(Withheld):
        changes.rollback("brokers", 1, base=2, by="ana")
    key = {"kite": {"api_key": {"secret": "kite-api-key"}}}
    done = changes.apply("brokers", key, base=2, by="ana", comment="no more password: hunter2 in clear")
    assert "hunter2" not in str(done)
    changes.apply("database", {"host": "db-2"}, base=1, by="ana")
    # Only a comment was left out of this one: it can be taken up again.
    assert changes.rollback("database", 1, base=2, by="ana").version == 3
    assert changes.state("database").values["host"] == "db-1"
    kept = [objects.read_with_generation(info.name)[0] for info in objects.list()]
    assert not any(b"hunter2" in data for data in kept), "nor in what services read by now"
    assert [each.action for each in changes.history("brokers")] == ["apply", "outside", "outside"]


def test_a_writer_that_died_after_a_record_over_a_secret_is_finished(objects: MemoryObjects) -> None:
    class Dying(MemoryObjects):
        dies = False

        def write(self, name: str, data: bytes, **more: Any) -> int:
            if self.dies and name == "brokers.yaml":
                raise SystemExit
            return objects.write(name, data, **more)

        read_with_generation = objects.read_with_generation
        list = objects.list

    dying = Dying()
    changes = ConfigChanges(dying, environment="test")
    objects.write("brokers.yaml", b"kite: {api_key: hunter2}\n")
    assert changes.state("brokers").version == 1
    dying.dies = True
    with pytest.raises(SystemExit):
        changes.apply("brokers", {"kite": {"api_key": {"secret": "k"}}}, base=1, by="ana")
    dying.dies = False
    assert (changes.state("brokers").version, len(changes.history("brokers"))) == (2, 2)
    assert b"hunter2" not in objects.read_with_generation("brokers.yaml")[0]


def test_a_change_over_what_is_written_meanwhile(objects: MemoryObjects) -> None:
    class Racing(MemoryObjects):
        def write(self, name: str, data: bytes, **more: Any) -> int:
            if name == "risk.yaml" and b"orders_per_minute: 60" in data:
                objects.write(name, b"limits: {orders_per_minute: 7}\n")
                raise PreconditionFailed("x")
            return objects.write(name, data, **more)

        read_with_generation = objects.read_with_generation
        list = objects.list

    changes = ConfigChanges(Racing(), environment="test")
    assert changes.apply("risk", limit(60), base=0, by="ana").version == 1
    assert (now(changes), [each.action for each in changes.history("risk")]) == (7, ["outside", "apply"])


texts = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"]), max_size=20)
scalars = st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.floats(-1e6, 1e6) | texts
trees = st.dictionaries(
    texts, st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3))
)


@given(trees)
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_layer_is_read_as_it_was_written(values: dict[str, Any]) -> None:
    read, problems = read_layer_text(layer_text(values, "version 1"))
    assert not problems
    assert json.dumps(read) == json.dumps(values)


class Editing(RuleBasedStateMachine):
    """Several editors with stale and fresh views; beside them a list of what was in force."""

    def __init__(self) -> None:
        super().__init__()
        self.objects = MemoryObjects()
        self.made = [ConfigChanges(self.objects, environment="test") for _ in range(2)]
        self.states: list[int] = [120]  # by version; 0 is the file's
        self.open: dict[str, tuple[int, int]] = {}

    def _try(self, call: Any, base: int, value: int) -> None:
        fresh = base == len(self.states) - 1
        try:
            change: Change = call()
        except Conflict:
            assert not fresh
        else:
            assert fresh
            assert change.version == len(self.states)
            self.states.append(value)

    @rule(who=st.integers(0, 1), value=st.integers(1, 9), back=st.integers(0, 1))
    def apply(self, who: int, value: int, back: int) -> None:
        base = max(0, len(self.states) - 1 - back)
        self._try(lambda: self.made[who].apply("risk", limit(value), base=base, by="x"), base, value)

    @rule(who=st.integers(0, 1), value=st.integers(1, 9))
    def propose(self, who: int, value: int) -> None:
        base = len(self.states) - 1
        made = self.made[who].propose("risk", limit(value), base=base, by="x")
        self.open[made.id] = (base, value)

    @rule(who=st.integers(0, 1), data=st.data())
    def accept(self, who: int, data: st.DataObject) -> None:
        if self.open:
            proposal = data.draw(st.sampled_from(sorted(self.open)))
            base, value = self.open.pop(proposal)
            self._try(lambda: self.made[who].accept("risk", proposal, by="y"), base, value)

    @rule(who=st.integers(0, 1), data=st.data())
    def roll_back(self, who: int, data: st.DataObject) -> None:
        base = len(self.states) - 1
        to = data.draw(st.integers(0, base))
        self._try(lambda: self.made[who].rollback("risk", to, base=base, by="z"), base, self.states[to])

    @rule(value=st.integers(1, 9))
    def write_by_hand(self, value: int) -> None:
        self.objects.write(
            "risk.yaml", f"# by hand {len(self.states)}\nlimits: {{orders_per_minute: {value}}}\n".encode()
        )
        assert self.made[0].state("risk").version == len(self.states)
        self.states.append(value)

    @invariant()
    def what_is_read_is_what_was_last_applied(self) -> None:
        assert now(self.made[1]) == self.states[-1]

    @invariant()
    def no_version_is_lost(self) -> None:
        kept = self.made[0].history("risk", most=1000)
        assert [each.version for each in kept] == list(range(len(self.states) - 1, 0, -1))


Editing.TestCase.settings = settings(
    max_examples=12, stateful_step_count=12, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestEditing = Editing.TestCase
