"""Rooms, and the sockets that are connected to them."""

from dependency_injector import containers, providers

from application import rooms
from entrypoints.container.accounts import Accounts
from entrypoints.container.ports import Ports, use_case
from entrypoints.live.access import Doorkeeper
from entrypoints.live.conversation import Rooms as Conversations
from entrypoints.live.limits import Limits
from entrypoints.live.switchboard import Switchboard
from entrypoints.settings import Settings


def _limits(settings: Settings) -> Limits:
    frames, _, seconds = settings.room_flood.partition("/")
    return Limits(flood_frames=int(frames), flood_s=float(seconds), queue=settings.room_queue)


class Rooms(containers.DeclarativeContainer):
    sweep_rooms = use_case(rooms.SweepRooms, Ports.units, Ports.clock)
    say = use_case(rooms.Say, Ports.units, Ports.clock, Ports.ids, Ports.bus)

    socket_limits = providers.Callable(_limits, Ports.settings)
    switchboard = providers.Singleton(
        Switchboard,
        look=use_case(rooms.Look, Ports.units, Ports.clock),
        read_on=use_case(rooms.ReadOn, Ports.units),
        report=use_case(rooms.Report, Ports.units, Ports.clock),
        recheck=providers.Singleton(rooms.Recheck, Ports.units, Ports.clock),
        authenticate_key=Accounts.authenticate_key,
        bus=Ports.bus,
        log=Ports.log,
        new_id=Ports.ids,
        limits=socket_limits,
        alone=Ports.alone,
    )
    doorkeeper = providers.Singleton(
        Doorkeeper,
        authenticate_token=Accounts.authenticate_token,
        authenticate_key=Accounts.authenticate_key,
        admit=use_case(rooms.Admit, Ports.units),
        origins=Ports.settings.provided.cors_origins,
    )
    conversations = providers.Singleton(
        Conversations, doorkeeper=doorkeeper, switchboard=switchboard, say=say, clock=Ports.clock, log=Ports.log
    )

    rooms = providers.Singleton(
        rooms.Rooms,
        open=use_case(rooms.OpenRoom, Ports.units, Ports.clock, Ports.ids),
        read=use_case(rooms.ReadRoom, Ports.units),
        list=use_case(rooms.ListRooms, Ports.units),
        close=use_case(rooms.CloseRoom, Ports.units, Ports.bus),
        add_member=use_case(rooms.AddMember, Ports.units, Ports.clock, Ports.ids),
        take_out_member=use_case(rooms.TakeOutMember, Ports.units, Ports.bus),
        list_members=use_case(rooms.ListMembers, Ports.units),
        say=say,
        history=use_case(rooms.ReadHistory, Ports.units),
    )
