"""What is done: units of work that write, as one use case or two at a time would."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from application.ports.unit_of_work import Answer, Operation, UnitOfWork, Units
from domain.access import UserId
from domain.errors import Refusal
from domain.events import Fact
from domain.wallets import Entry, EntryKind

Changes = Mapping[str, Any]


async def add(units: Units, kind: str, *entities: Any) -> Any:
    async with units.open() as unit:
        for entity in entities:
            getattr(unit, kind).add(entity)
        _tell(unit, kind, entities[0].id)
        return await unit.commit(entities)


async def revise(units: Units, kind: str, id: str, changes: Changes) -> Any:
    async with units.open() as unit:
        repository = getattr(unit, kind)
        kept = repository.save(replace(await repository.get(id), **changes))
        _tell(unit, kind, id)
        return await unit.commit(kept)


async def erase(units: Units, id: str, at: datetime) -> Any:
    async with units.open() as unit:
        kept = unit.users.save((await unit.users.get(id)).erased(at))
        return await unit.commit(kept)


async def remove(units: Units, kind: str, id: str) -> Any:
    async with units.open() as unit:
        repository = getattr(unit, kind)
        repository.remove(await repository.get(id))
        return await unit.commit(None)


async def hold_and_change(units: Units, kind: str, ids: Sequence[str], changes: Changes) -> Any:
    async with units.open() as unit:
        repository = getattr(unit, kind)
        kept = [repository.save(replace(held, **changes)) for held in await repository.hold(*ids)]
        return await unit.commit(kept)


async def trade_names(units: Units, leaving: str, coming: str, username: str) -> Any:
    """One gives its name free and another takes it, in one unit."""
    async with units.open() as unit:
        first, second = await unit.users.get(leaving), await unit.users.get(coming)
        unit.users.save(replace(first, username=username))
        kept = unit.users.save(replace(second, username=first.username))
        return await unit.commit(kept)


async def overtaken(units: Units, kind: str, id: str, fast: Changes | None, slow: Changes | None) -> Any:
    """Two units read the same; the one that commits later has read what is no longer so. None removes."""
    async with units.open() as late, units.open() as early:
        read = [await getattr(unit, kind).get(id) for unit in (late, early)]
        outcomes = []
        for unit, entity, changes in ((early, read[1], fast), (late, read[0], slow)):
            if changes is None:
                getattr(unit, kind).remove(entity)
            else:
                getattr(unit, kind).save(replace(entity, **changes))
            _tell(unit, kind, id)
            outcomes.append(await said(unit.commit(changes)))
    return outcomes


async def half(units: Units, kind: str, first: Any, other: str, id: str, changes: Changes) -> Any:
    """The second write fails by its version, so that the first is not kept either."""
    async with units.open() as unit:
        getattr(unit, kind).add(first)
        repository = getattr(unit, other)
        found = await repository.get(id)
        repository.save(replace(found, version=found.version + 5, **changes))
        outcome = await said(unit.commit(None))
    return outcome, await said(_got(units, kind, first.id))


async def twice(units: Units, operation_id: str, kind: str, first: Any, second: Any) -> Any:
    """The same operation again: once is all that it is done."""
    asked = Operation(operation_id, "ß'%", lambda result: Answer(201, {"ETag": '"1"', "X": "é"}, repr(result)))
    return [await said(_done(units, asked, kind, entity)) for entity in (first, second)], await units.answered(asked.id)


async def move(units: Units, payer: UserId, payee: UserId, amount: int, side: Sequence[str], **rest: Any) -> Any:
    """`side` are the ids of the two entries."""
    async with units.open() as unit:
        held = {wallet.id: wallet for wallet in await unit.wallets.hold(payer, payee)}
        parts = ((payer, -amount, EntryKind.TRANSFER_OUT), (payee, amount, EntryKind.TRANSFER_IN))
        for id, (account, by, kind) in zip(side, parts, strict=True):
            after = None
            if account in held:
                held[account] = unit.wallets.save(held[account].moved(by))
                after = held[account].balance
            reference = rest["reference"] if by > 0 else None
            given = {**rest, "reference": reference, "balance_after": after}
            unit.ledger.add(Entry(id=id, account=account, kind=kind, amount=by, **given))
        return await unit.commit(list(held.values()))


async def housekeeping(units: Units) -> int:
    return await units.housekeeping()


async def said(work: Any) -> Any:
    """What is answered, or how it is refused."""
    try:
        return "ok", await work
    except Refusal as refusal:
        return type(refusal).__name__, vars(refusal), str(refusal)
    except Exception as error:  # noqa: BLE001 - no driver's error may pass, and this tells where one does
        return "ERROR", type(error).__name__, str(error)


async def _done(units: Units, asked: Operation, kind: str, entity: Any) -> Any:
    async with units.open(asked) as unit:
        getattr(unit, kind).add(entity)
        return await unit.commit(entity.id)


async def _got(units: Units, kind: str, id: str) -> Any:
    async with units.open() as unit:
        return await getattr(unit, kind).get(id)


def _tell(unit: UnitOfWork, kind: str, id: str) -> None:
    unit.tell(Fact(type=f"{kind}.changed", resource=f"{kind}:{id}", details={"a.b": [1, None, "$x"]}))
