"""The publish protocol in a simulated world, and proof that the simulation can fail."""

import os

import pytest
import structlog
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.domain.post import State
from tests.faults import real, simulation
from tests.faults.mutations import ALL
from tests.faults.world import SENDS, Dice

#: Schedules in a run of the tests. On a laptop fewer; CI plays all, in parts beside each other.
SCHEDULES = int(os.environ.get("FAULTS_SCHEDULES", "100000" if os.environ.get("CI") else "10000"))
PARTS = 5


@pytest.fixture(autouse=True)
def _silent():
    simulation.silence()
    yield
    structlog.reset_defaults()


@pytest.mark.parametrize("part", range(PARTS))
def test_no_schedule_breaks_the_promise(part):
    count = SCHEDULES // PARTS
    total, broken = simulation.many(part * count, count)
    assert broken == [], f"replay: simulation.play({broken[0].seed})"
    assert total["crashes"] > count / 4
    assert total["asked"] > 0
    assert set(total["sends"]) == set(SENDS)


def test_a_seed_is_a_schedule():
    assert simulation.play(7).trace == simulation.play(7).trace
    assert simulation.play(7).trace != simulation.play(8).trace


def test_the_real_store_goes_the_same_way_as_the_one_in_memory(tmp_path):
    made = real.template(tmp_path)
    for seed in range(5_000, 5_100):
        kept = real.fresh(made, seed)
        memory = simulation.Memory()
        try:
            assert simulation.play(seed, kept).broken == []
            simulation.play(seed, memory)
            assert real.comparable(kept.story()) == real.comparable(memory.story()), seed
        finally:
            kept.store.close()
            (tmp_path / f"{seed}.db").unlink()


@pytest.mark.parametrize("mutation", ALL, ids=lambda mutation: mutation.__name__)
def test_a_broken_protocol_is_caught(mutation, monkeypatch):
    mutation(monkeypatch.setattr)
    for seed in range(40_000):
        if simulation.play(seed).broken:
            return
    pytest.fail(f"nothing caught: {mutation.__doc__}")


class Protocol(RuleBasedStateMachine):
    """Hypothesis chooses what happens next; it shrinks what it finds."""

    def __init__(self):
        super().__init__()
        dice = Dice(1, crash=0.0, trouble=0.0, store=0.0)
        self.simulation = simulation.Simulation(dice, zombies=False)
        self.world = self.simulation.world
        self.simulation.add(2)

    @rule(seconds=st.sampled_from([1, 20, 130, 610, 4000]))
    def time_passes(self, seconds):
        self.world.wait(seconds)
        self.simulation.round()

    @rule(point=st.integers(1, 12), seconds=st.sampled_from([1, 130, 610]))
    def a_round_that_dies(self, point, seconds):
        self.world.wait(seconds)
        self.world.crash_at = self.world.points + point
        self.simulation.round()
        self.world.crash_at = None

    @rule(kind=st.sampled_from(SENDS), channel=st.sampled_from(simulation.CHANNELS))
    def next_send(self, kind, channel):
        self.simulation.platforms[channel].script.append(kind)

    @rule(offset=st.sampled_from([0, *simulation.JUMPS]))
    def the_clock_is_set(self, offset):
        self.world.offset = offset

    @rule()
    def the_machine_is_rebooted(self):
        self.simulation.alive = False
        self.world.reboot()

    @rule()
    def an_editor_acts(self):
        self.simulation.edit()

    @precondition(lambda self: self.simulation.memory.all())
    @rule()
    def an_operator_resumes(self):
        self.simulation.resume()

    @invariant()
    def never_twice(self):
        for platform in self.simulation.platforms.values():
            numbers = [(taken.post, taken.ticket.part) for taken in platform.live]
            assert len(numbers) == len(set(numbers))
            assert platform.unapproved == []
            assert platform.changed == []

    @invariant()
    def what_is_out_has_a_receipt(self):
        for post, receipts, _ in self.simulation.memory.story().values():
            if post.state in (State.PUBLISHED, State.VERIFIED):
                assert receipts

    def teardown(self):
        self.simulation.calm()
        assert self.simulation.check().broken == []


Protocol.TestCase.settings = settings(
    max_examples=150,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestProtocol = Protocol.TestCase
