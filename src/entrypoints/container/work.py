"""Background work: each kind of task and who does it."""

from dependency_injector import containers, providers


class Work(containers.DeclarativeContainer):
    handlers = providers.Dict({})
    """A line for each kind, `"mail.send": Mail.send_mail`: the handler's provider, from its feature's container."""
