"""Where ids come from."""

from datetime import UTC, datetime, timedelta
from uuid import RFC_4122, UUID

from hypothesis import given
from hypothesis import strategies as st

from engine.domain.clock import ManualClock
from engine.domain.ids import counting_source, uuid7_source

START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@given(st.datetimes(datetime(1971, 1, 1), datetime(9000, 1, 1), timezones=st.just(UTC)))
def test_an_id_is_a_uuid_of_version_seven_and_holds_its_instant(instant: datetime) -> None:
    new_id = uuid7_source(ManualClock(instant))()
    assert (new_id.version, new_id.variant) == (7, RFC_4122)
    assert new_id.int >> 80 == int(instant.timestamp() * 1000)


def test_ids_grow_with_time() -> None:
    clock = ManualClock(START)
    new_id = uuid7_source(clock)
    ids = []
    for _ in range(100):
        ids.append(new_id())
        clock.advance(timedelta(milliseconds=1))
    assert ids == sorted(ids)


def test_ids_of_one_millisecond_differ() -> None:
    new_id = uuid7_source(ManualClock(START))
    assert len({new_id() for _ in range(2_000)}) == 2_000


def test_every_random_bit_is_used() -> None:
    new_id = uuid7_source(ManualClock(START))
    ones, zeros = 0, 0
    for _ in range(400):
        value = new_id().int
        ones |= value
        zeros |= ~value
    free = ((1 << 12) - 1) << 64 | ((1 << 62) - 1)
    assert ones & free == free
    assert zeros & free == free


def test_a_counting_source_can_be_foreseen() -> None:
    new_id = counting_source()
    assert [new_id(), new_id()] == [UUID(int=1), UUID(int=2)]
    assert counting_source(7)() == UUID(int=7)
