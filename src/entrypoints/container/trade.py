"""The catalogue, orders and wallets."""

from datetime import timedelta

from dependency_injector import containers, providers

from application import catalogue, orders, wallets
from entrypoints.container.files import Files
from entrypoints.container.ports import Ports, use_case
from entrypoints.settings import Settings


def _orders_held(settings: Settings) -> timedelta:
    return timedelta(minutes=settings.order_hold_minutes)


class Trade(containers.DeclarativeContainer):
    book = providers.Singleton(wallets.Book, Ports.clock, Ports.ids)
    verify_ledger = use_case(wallets.VerifyLedger, Ports.units)
    lapse_orders = use_case(orders.LapseOrders, Ports.units, Ports.clock)

    catalogue = providers.Singleton(
        catalogue.Catalogue,
        offer=use_case(catalogue.OfferItem, Ports.units, Ports.clock, Ports.ids),
        read=use_case(catalogue.ReadItem, Ports.units),
        revise=use_case(catalogue.ReviseItem, Ports.units, Ports.clock),
        withdraw=use_case(catalogue.WithdrawItem, Ports.units, Files.blobs),
        list=use_case(catalogue.ListItems, Ports.units),
        list_own=use_case(catalogue.ListOwnItems, Ports.units),
        count_tags=use_case(catalogue.CountTags, Ports.units),
    )

    orders = providers.Singleton(
        orders.Orders,
        place=use_case(
            orders.PlaceOrder,
            Ports.units,
            Ports.clock,
            Ports.ids,
            book,
            Ports.settings.provided.currency,
            providers.Callable(_orders_held, Ports.settings),
        ),
        read=use_case(orders.ReadOrder, Ports.units),
        list=use_case(orders.ListOrders, Ports.units),
        pay=use_case(orders.PayOrder, Ports.units, Ports.clock, book),
        cancel=use_case(orders.CancelOrder, Ports.units, Ports.clock, book),
        ship=use_case(orders.ShipOrder, Ports.units, Ports.clock),
        deliver=use_case(orders.DeliverOrder, Ports.units, Ports.clock),
    )

    wallets = providers.Singleton(
        wallets.Wallets,
        read=use_case(wallets.ReadWallet, Ports.units),
        entries=use_case(wallets.ListEntries, Ports.units),
        deposit=use_case(wallets.Deposit, Ports.units, book),
        transfer=use_case(wallets.Transfer, Ports.units, book),
    )
