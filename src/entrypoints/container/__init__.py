"""The composition root: which adapter keeps which port, and what each use case is given."""

from dependency_injector import providers

from entrypoints.container.accounts import Accounts
from entrypoints.container.events import Events
from entrypoints.container.files import Files
from entrypoints.container.journal import Journal
from entrypoints.container.mail import Mail
from entrypoints.container.operations import Operations
from entrypoints.container.ports import Ports
from entrypoints.container.rooms import Rooms
from entrypoints.container.todos import Todos
from entrypoints.container.trade import Trade
from entrypoints.container.webhooks import Webhooks
from entrypoints.container.work import Work
from entrypoints.http.idempotency import Idempotency


class Container(Accounts, Rooms, Trade, Todos, Work, Journal, Ports, Files, Webhooks, Operations, Events, Mail):
    """All of them, as one."""

    idempotency = providers.Singleton(Idempotency, Ports.units)
