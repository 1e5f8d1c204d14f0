"""Wallets over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from application.wallets import Wallets
from domain.access import Actor, Role, UserId
from domain.money import Money
from domain.wallets import EntryKind
from entrypoints.http.access import signed_in
from entrypoints.http.idempotency import Once
from entrypoints.http.paging import Paging
from entrypoints.http.replies import Listed, listed, made, shown
from entrypoints.http.route import Route
from entrypoints.http.schema import Id, In, MoneyIn, MoneyOut, Out, ShortText, TimeOut, example, string

router = APIRouter(prefix="/api/v1/wallet", tags=["Orders and wallet"], route_class=Route)


async def _wallets(request: Request) -> Wallets:
    wallets: Wallets = request.app.state.container.wallets()
    return wallets


Uses = Annotated[Wallets, Depends(_wallets)]
Reader = Annotated[Actor, signed_in("wallet:read")]
Amount = Annotated[MoneyIn, Field(gt=0)]
_SOMEBODY = "019a1b2c-3d4e-7f50-8a6b-7c8d9e0f1a2b"


class NewDeposit(In, json_schema_extra=example(user_id=_SOMEBODY, amount="50.00", reference="till 7, slip 12")):
    user_id: Id
    amount: Amount
    reference: string(1, 100)  # type: ignore[valid-type]


class NewTransfer(In, json_schema_extra=example(to=_SOMEBODY, amount="5.00", note="Lunch")):
    to: Id
    amount: Amount
    note: ShortText | None = None


class WalletOut(Out):
    user_id: str
    balance: MoneyOut
    currency: str


class WalletEntryOut(Out):
    id: str
    created_at: TimeOut
    kind: EntryKind
    amount: MoneyOut
    balance_after: MoneyOut
    counterparty_id: str | None
    order_id: str | None
    reference: str | None
    note: str | None


@router.get("", operation_id="get_wallet", summary="My balance", response_model=WalletOut)
async def get_wallet(request: Request, actor: Reader, uses: Uses) -> Response:
    wallet = await uses.read(actor)
    currency = request.app.state.container.settings().currency
    shown_as = WalletOut.model_construct(user_id=wallet.id, balance=wallet.balance, currency=currency)
    return shown(WalletOut, shown_as, tagged=False)


@router.get("/entries", operation_id="list_entries", summary="My entries", response_model=Listed[WalletEntryOut])
async def list_entries(request: Request, actor: Reader, uses: Uses, query: Annotated[Paging, Query()]) -> Response:
    return listed(request, WalletEntryOut, await uses.entries(actor, query.window(request)), query)


@router.post("/deposits", operation_id="deposit", summary="Pay in", status_code=201, response_model=WalletEntryOut)
async def deposit(
    body: NewDeposit, actor: Annotated[Actor, signed_in("wallet:write", role=Role.STAFF)], uses: Uses, once: Once
) -> Response:
    return await once(
        actor,
        lambda operation: uses.deposit(actor, UserId(body.user_id), Money(body.amount), body.reference, operation),
        lambda entry: made(WalletEntryOut, entry, tagged=False),
    )


@router.post(
    "/transfers", operation_id="transfer", summary="Send money", status_code=201, response_model=WalletEntryOut
)
async def transfer(
    body: NewTransfer, actor: Annotated[Actor, signed_in("wallet:write")], uses: Uses, once: Once
) -> Response:
    return await once(
        actor,
        lambda operation: uses.transfer(actor, UserId(body.to), Money(body.amount), body.note, operation),
        lambda entry: made(WalletEntryOut, entry, tagged=False),
    )
