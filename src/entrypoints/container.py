"""The composition root: which adapter keeps which port, and what each use case is given."""

from datetime import timedelta
from typing import Any

from dependency_injector import containers, providers

from adapters.persistence.unit_of_work import StoredUnits
from adapters.security.api_keys import RandomKeys
from adapters.security.bcrypt import BcryptHasher
from adapters.security.common_passwords import common_passwords
from adapters.security.jose import JoseTokens
from adapters.security.keys import SigningKey, private_key, public_keys, secret_key
from adapters.system.clock import SystemClock
from adapters.system.ids import Uuid7Ids
from adapters.system.log import StructuredLog
from application import accounts, api_keys, catalogue, orders, sessions, wallets
from application.authentication import AuthenticateKey, AuthenticateToken, Standings
from application.observed import observed
from entrypoints.http.idempotency import Idempotency
from entrypoints.settings import Settings
from entrypoints.stores import open_store

ANSWERS_KEPT = timedelta(hours=24)


def _signing_keys(settings: Settings) -> list[SigningKey]:
    """The first one signs, the others are still accepted. Raises `BadKey`."""
    if settings.jwt_private_key is not None:
        accepted = [private_key(settings.jwt_private_key.get_secret_value())]
    else:
        accepted = [secret_key(settings.secret)]
    if settings.secret_key_old is not None:
        accepted.append(secret_key(settings.secret_key_old.get_secret_value()))
    return accepted + public_keys(settings.jwt_old_public_keys)


def _lifetimes(settings: Settings) -> sessions.Lifetimes:
    access, refresh = settings.access_token_minutes, settings.refresh_token_days
    return sessions.Lifetimes(timedelta(minutes=access), timedelta(days=refresh))


def _orders_held(settings: Settings) -> timedelta:
    return timedelta(minutes=settings.order_hold_minutes)


def _events_kept(settings: Settings) -> timedelta:
    return timedelta(hours=settings.event_keep_hours)


def _observed(log: Any, use_case: Any, *ports: Any) -> Any:
    """A use case, given its ports in the order of its fields, and observed."""
    made = use_case if isinstance(use_case, providers.Provider) else providers.Singleton(use_case, *ports)
    return providers.Singleton(observed, made, log)


class Container(containers.DeclarativeContainer):
    """Everything is made once, when it is first asked for; nothing is connected before the application starts."""

    settings = providers.Dependency(instance_of=Settings)

    clock = providers.Singleton(SystemClock)
    ids = providers.Singleton(Uuid7Ids)
    log = providers.Singleton(StructuredLog)
    hasher = providers.Singleton(BcryptHasher, settings.provided.bcrypt_rounds)
    tokens = providers.Singleton(JoseTokens, providers.Callable(_signing_keys, settings), clock)
    keys = providers.Singleton(RandomKeys)
    standings = providers.Singleton(Standings)
    common = providers.Callable(common_passwords)

    store = providers.Singleton(
        open_store, settings.provided.database_url, allow_standalone=settings.provided.mongo_allow_standalone
    )
    units = providers.Singleton(
        StoredUnits,
        store,
        clock,
        ids,
        answers_kept=ANSWERS_KEPT,
        events_kept=providers.Callable(_events_kept, settings),
    )
    idempotency = providers.Singleton(Idempotency, units)

    authenticate_token = providers.Singleton(AuthenticateToken, units, clock, tokens, standings)
    authenticate_key = providers.Singleton(AuthenticateKey, units, clock, keys, standings)
    granting = providers.Singleton(sessions.Granting, tokens, ids, providers.Callable(_lifetimes, settings))
    register = providers.Singleton(accounts.Register, units, clock, ids, hasher, common)
    book = providers.Singleton(wallets.Book, clock, ids)
    verify_ledger = _observed(log, wallets.VerifyLedger, units)
    lapse_orders = _observed(log, orders.LapseOrders, units, clock)
    appoint_admin = providers.Singleton(accounts.AppointAdmin, units, register)

    accounts = providers.Singleton(
        accounts.Accounts,
        register=_observed(log, register),
        read=_observed(log, accounts.ReadUser, units),
        read_many=_observed(log, accounts.ReadUsers, units),
        list=_observed(log, accounts.ListUsers, units),
        revise=_observed(log, accounts.ReviseProfile, units, clock),
        administer=_observed(log, accounts.Administer, units, clock, standings),
        change_password=_observed(log, accounts.ChangePassword, units, clock, hasher, common, standings),
        erase=_observed(log, accounts.Erase, units, clock, standings),
        export=_observed(log, accounts.Export, units),
    )
    sessions = providers.Singleton(
        sessions.Sessions,
        sign_in=_observed(log, sessions.SignIn, units, clock, ids, hasher, granting),
        refresh=_observed(log, sessions.Refresh, units, clock, ids, tokens, granting, standings),
        revoke=_observed(log, sessions.Revoke, units, clock, tokens, standings),
        list=_observed(log, sessions.ListSessions, units, clock),
        end=_observed(log, sessions.EndSession, units, standings),
    )
    api_keys = providers.Singleton(
        api_keys.ApiKeys,
        make=_observed(log, api_keys.MakeApiKey, units, clock, ids, keys),
        list=_observed(log, api_keys.ListApiKeys, units),
        end=_observed(log, api_keys.EndApiKey, units, standings),
    )
    catalogue = providers.Singleton(
        catalogue.Catalogue,
        offer=_observed(log, catalogue.OfferItem, units, clock, ids),
        read=_observed(log, catalogue.ReadItem, units),
        revise=_observed(log, catalogue.ReviseItem, units, clock),
        withdraw=_observed(log, catalogue.WithdrawItem, units),
        list=_observed(log, catalogue.ListItems, units),
        list_own=_observed(log, catalogue.ListOwnItems, units),
        count_tags=_observed(log, catalogue.CountTags, units),
    )
    orders = providers.Singleton(
        orders.Orders,
        place=_observed(
            log,
            orders.PlaceOrder,
            units,
            clock,
            ids,
            book,
            settings.provided.currency,
            providers.Callable(_orders_held, settings),
        ),
        read=_observed(log, orders.ReadOrder, units),
        list=_observed(log, orders.ListOrders, units),
        pay=_observed(log, orders.PayOrder, units, clock, book),
        cancel=_observed(log, orders.CancelOrder, units, clock, book),
        ship=_observed(log, orders.ShipOrder, units, clock),
        deliver=_observed(log, orders.DeliverOrder, units, clock),
    )
    wallets = providers.Singleton(
        wallets.Wallets,
        read=_observed(log, wallets.ReadWallet, units),
        entries=_observed(log, wallets.ListEntries, units),
        deposit=_observed(log, wallets.Deposit, units, book),
        transfer=_observed(log, wallets.Transfer, units, book),
    )
