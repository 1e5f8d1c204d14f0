"""Mail and notifications: how letters are written and leave, and who sends which."""

from pathlib import Path

from dependency_injector import containers, providers

from adapters.mail.folder import FolderMailer
from adapters.mail.letters import TemplateLetters
from adapters.mail.message import sender
from adapters.security.api_keys import RandomKeys
from application import mail, notifications
from application.ports.mail import Mailer
from entrypoints.container.accounts import Accounts
from entrypoints.container.ports import Ports, use_case
from entrypoints.settings import Settings


def _mailer(settings: Settings) -> Mailer:
    """By SMTP where a server is named, else as files."""
    from_ = sender(settings.mail_from)
    if settings.smtp_host is None:
        return FolderMailer(Path(settings.mail_dir), from_)
    from adapters.mail.smtp import SmtpMailer, SmtpServer

    password = settings.smtp_password.get_secret_value() if settings.smtp_password else None
    server = SmtpServer(settings.smtp_host, settings.smtp_port, settings.smtp_user, password, settings.smtp_tls)
    return SmtpMailer(server, from_)


class Mail(containers.DeclarativeContainer):
    letters = providers.Singleton(TemplateLetters, Ports.settings.provided.public_url)
    mailer = providers.Singleton(_mailer, Ports.settings)
    links = providers.Singleton(RandomKeys, "")
    writer = providers.Singleton(mail.LetterWriter, Ports.clock, Ports.ids, links, letters)
    deliver = providers.Singleton(mail.Delivery, Ports.units, Ports.clock, Ports.ids, mailer)

    send_welcome = use_case(mail.SendWelcome, Ports.units, writer, deliver)
    send_reset = use_case(mail.SendReset, Ports.units, writer, deliver)
    send_notification = use_case(notifications.SendNotification, Ports.units, Ports.clock, letters, mailer)

    mail = providers.Singleton(
        mail.Mail,
        verify=use_case(mail.VerifyEmail, Ports.units, Ports.clock, links),
        forgot=use_case(mail.ForgotPassword, Ports.units, Ports.clock, Ports.ids),
        reset=use_case(
            mail.ResetPassword, Ports.units, Ports.clock, links, Ports.hasher, Ports.common, Accounts.standings
        ),
    )

    notifications = providers.Singleton(
        notifications.Notifications,
        notify=use_case(notifications.Notify, Ports.units, Ports.clock, Ports.ids),
        list=use_case(notifications.ListNotifications, Ports.units),
        mark_read=use_case(notifications.MarkRead, Ports.units, Ports.clock),
    )
