"""Accounts, sign-ins and API keys."""

from datetime import timedelta

from dependency_injector import containers, providers

from application import accounts, api_keys, sessions
from application.authentication import AuthenticateKey, AuthenticateToken
from application.standings import RenewStandings, Standings
from entrypoints.container.files import Files
from entrypoints.container.ports import Ports, use_case
from entrypoints.settings import Settings


def _lifetimes(settings: Settings) -> sessions.Lifetimes:
    access, refresh = settings.access_token_minutes, settings.refresh_token_days
    return sessions.Lifetimes(timedelta(minutes=access), timedelta(days=refresh))


class Accounts(containers.DeclarativeContainer):
    standings = providers.Singleton(Standings)
    renew_standings = providers.Singleton(RenewStandings, Ports.units, Ports.clock, standings)
    authenticate_token = providers.Singleton(AuthenticateToken, Ports.units, Ports.clock, Ports.tokens, standings)
    authenticate_key = providers.Singleton(AuthenticateKey, Ports.units, Ports.clock, Ports.keys, standings)
    granting = providers.Singleton(
        sessions.Granting, Ports.tokens, Ports.ids, providers.Callable(_lifetimes, Ports.settings)
    )
    register = providers.Singleton(accounts.Register, Ports.units, Ports.clock, Ports.ids, Ports.hasher, Ports.common)
    appoint_admin = providers.Singleton(accounts.AppointAdmin, Ports.units, register)

    accounts = providers.Singleton(
        accounts.Accounts,
        register=use_case(register),
        read=use_case(accounts.ReadUser, Ports.units),
        read_many=use_case(accounts.ReadUsers, Ports.units),
        list=use_case(accounts.ListUsers, Ports.units),
        revise=use_case(accounts.ReviseProfile, Ports.units, Ports.clock),
        replace=use_case(accounts.ReplaceProfile, Ports.units, Ports.clock, Files.keeping),
        administer=use_case(accounts.Administer, Ports.units, Ports.clock, standings),
        change_password=use_case(
            accounts.ChangePassword, Ports.units, Ports.clock, Ports.hasher, Ports.common, standings
        ),
        erase=use_case(accounts.Erase, Ports.units, Ports.clock, standings, Files.blobs),
        export=use_case(accounts.Export, Ports.units),
    )

    sessions = providers.Singleton(
        sessions.Sessions,
        sign_in=use_case(sessions.SignIn, Ports.units, Ports.clock, Ports.ids, Ports.hasher, granting),
        refresh=use_case(sessions.Refresh, Ports.units, Ports.clock, Ports.ids, Ports.tokens, granting, standings),
        revoke=use_case(sessions.Revoke, Ports.units, Ports.clock, Ports.tokens, standings),
        list=use_case(sessions.ListSessions, Ports.units, Ports.clock),
        end=use_case(sessions.EndSession, Ports.units, standings),
    )

    api_keys = providers.Singleton(
        api_keys.ApiKeys,
        make=use_case(api_keys.MakeApiKey, Ports.units, Ports.clock, Ports.ids, Ports.keys),
        list=use_case(api_keys.ListApiKeys, Ports.units),
        end=use_case(api_keys.EndApiKey, Ports.units, standings),
    )
