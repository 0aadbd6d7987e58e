"""A store that lost its records is noticed, and nothing is sent until clients have given up what they began."""

import pytest

from gateway.store.errors import StoreUnavailable
from gateway.store.ports import Found
from tests.support.store_records import ARGUMENTS, KEY, ME, YOU
from tests.support.store_servers import Fleet, Process, Redis, free_port, listening, until


async def pass_refusal(fleet: Fleet) -> None:
    """Let the minute pass that writes are refused for."""
    value = bytes(await fleet.raw("GET", fleet.keys.epoch))  # type: ignore[call-overload]
    name, _, until = value.partition(b":")
    assert int(until)
    await fleet.raw("SET", fleet.keys.epoch, name + b":1")


async def test_keys_that_were_forgotten_are_not_taken_for_new_ones(
    fleet: Fleet, caplog: pytest.LogCaptureFixture
) -> None:
    records = await fleet.records()
    await records.begin(KEY, ARGUMENTS, ME)
    await records.finish(KEY, ME, b"answer")
    await fleet.raw("FLUSHALL")
    for _ in range(3):
        with pytest.raises(StoreUnavailable, match="lost_records"):
            await records.begin(KEY, ARGUMENTS, YOU)
    assert caplog.messages.count("store_lost_records") == 1
    assert await fleet.raw("KEYS", "*:k:*") == []
    await pass_refusal(fleet)
    fleet.epoch.doubt()
    assert (await records.begin(KEY, ARGUMENTS, YOU)).found is Found.MINE


async def test_a_process_that_starts_into_the_minute_refuses_writes_too(fleet: Fleet) -> None:
    records = await fleet.records()
    await records.begin(KEY, ARGUMENTS, ME)
    await fleet.raw("FLUSHALL")
    fleet.epoch.doubt()
    await fleet.epoch.refresh()
    fleet.client = fleet.new_client()
    late = await fleet.records()
    with pytest.raises(StoreUnavailable, match="lost_records"):
        await late.begin(KEY, ARGUMENTS, YOU)


async def test_where_a_process_that_knew_nothing_came_first_all_refuse_writes(fleet: Fleet) -> None:
    records = await fleet.records()
    await records.begin(KEY, ARGUMENTS, ME)
    await fleet.raw("FLUSHALL")
    knowing, fleet.client = fleet.epoch, fleet.new_client()
    new = await fleet.records()
    assert (await new.begin(KEY, ARGUMENTS, ME)).found is Found.MINE
    knowing.doubt()
    await knowing.refresh()
    # The store itself refuses, before the process hears of it.
    with pytest.raises(StoreUnavailable, match="lost_records"):
        await new.begin(KEY, ARGUMENTS, ME)


async def test_data_that_was_lost_long_ago_is_not_refused_again(fleet: Fleet) -> None:
    records = await fleet.records()
    await records.begin(KEY, ARGUMENTS, ME)
    await fleet.raw("SET", fleet.keys.epoch, "another:1")
    with pytest.raises(StoreUnavailable, match="lost_records"):
        await records.begin(KEY, ARGUMENTS, ME)
    assert (await records.begin(KEY, ARGUMENTS, ME)).found is Found.MINE


async def test_a_restart_without_persistence_is_noticed_by_the_first_write(server: Redis) -> None:
    del server
    port = free_port()
    fleet = Fleet(url=f"redis://127.0.0.1:{port}")
    with listening(port=port):
        records, there = await fleet.records(), Process(fleet, b"there")
        await records.begin(KEY, ARGUMENTS, ME)
        await there.reader.read()
    with listening(port=port):
        reasons: list[str] = []

        async def is_noticed() -> bool:
            # The first may find that its connection is gone.
            with pytest.raises(StoreUnavailable) as caught:
                await records.begin(KEY, ARGUMENTS, YOU)
            reasons.append(caught.value.reason)
            return reasons[-1] == "lost_records"

        await until(is_noticed)
        assert len(reasons) <= 2
        # The connection of another process is new, so that it has seen that the name is gone.
        await there.client.call("publish", "any", "PING")
        assert there.epoch._is_doubtful
        await there.epoch.refresh()
        assert there.listener.forgotten == 1
    await fleet.aclose()


async def test_in_a_cluster_the_name_is_read_with_events(server: Redis) -> None:
    with listening("--cluster-enabled", "yes") as (_, port):
        fleet = Fleet(url=f"redis+cluster://127.0.0.1:{port}")
        assert fleet.client._watched is None
        await fleet.aclose()
