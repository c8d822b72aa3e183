"""The document store: order, atomicity, several threads and processes."""

import threading

import pytest

from bot.http.sandbox import Fault, Kind, State


@pytest.fixture
def path(tmp_path):
    return tmp_path / "state.db"


def test_documents_keep_their_order_and_place():
    with State() as state:
        for name in "abc":
            state.put("things", name, {"name": name})
        state.put("things", "a", {"name": "A"})
        assert [thing["name"] for thing in state.all("things")] == ["A", "b", "c"]
        assert state.get("things", "z") is None
        assert state.count("things") == 3


def test_what_fails_halfway_never_happened():
    with State() as state:
        with pytest.raises(RuntimeError):
            _halfway(state)
        assert (state.get("things", "a"), state.get_blob("a")) == (None, None)


def _halfway(state):
    with state.transaction():
        state.put("things", "a", {})
        with state.transaction():
            state.put_blob("a", b"bytes")
        raise RuntimeError


def test_numbers_only_grow():
    with State() as state:
        assert [state.next("n", at_least=5), state.next("n", at_least=3)] == [5, 6]
        assert state.next("n", at_least=100) == 100


def test_another_opener_sees_what_was_committed(path):
    with State(path) as first, State(path) as second:
        first.put("x.posts", "1", {"text": "é"})
        first.fault("x.create", Fault(kind=Kind.STATUS))
        assert second.posts("x") == [{"text": "é"}]
        assert second.take_fault("x.create") is not None
        assert first.faults() == []
        assert second.platforms() == ["x"]


def test_deleted_posts_are_kept_apart():
    with State() as state:
        state.put("x.posts", "1", {"deleted": True})
        assert state.posts("x") == []
        assert len(state.posts("x", deleted=True)) == 1


def test_threads_take_each_fault_once(path):
    taken = []
    with State(path) as one, State(path) as two:
        one.fault("x.create", Fault(kind=Kind.STATUS), times=60)

        def take(state):
            while (fault := state.take_fault("x.create")) is not None:
                taken.append(fault)

        threads = [threading.Thread(target=take, args=(state,)) for state in (one, two, one, two)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(taken) == 60


def test_reset_forgets_everything():
    with State() as state:
        state.put("x.posts", "1", {})
        state.put_blob("1", b"bytes")
        state.fault("x.create", Fault(kind=Kind.STATUS))
        state.reset()
        assert (state.posts("x"), state.get_blob("1"), state.faults()) == ([], None, [])
