"""The bus of one process: everybody on it hears at once, nobody elsewhere does."""

from application.ports.bus import Bus, BusState, Heard, Subscription


class Listeners:
    """Who hears which channel in this process."""

    def __init__(self) -> None:
        self._heard: dict[str, dict[object, Heard]] = {}

    def __contains__(self, channel: str) -> bool:
        return channel in self._heard

    @property
    def channels(self) -> list[str]:
        return list(self._heard)

    def add(self, channel: str, heard: Heard) -> "Listening":
        listening = Listening(self, channel)
        self._heard.setdefault(channel, {})[listening] = heard
        return listening

    def remove(self, channel: str, listening: "Listening") -> bool:
        """Answers whether nobody hears the channel any more."""
        there = self._heard.get(channel, {})
        if there.pop(listening, None) is None or there:
            return False
        del self._heard[channel]
        return True

    def tell(self, channel: str, payload: bytes | None) -> None:
        for heard in list(self._heard.get(channel, {}).values()):
            heard(payload)

    def tell_all(self) -> None:
        """Everybody, that something may have been missed."""
        for channel in self.channels:
            self.tell(channel, None)


class Listening(Subscription):
    def __init__(self, listeners: Listeners, channel: str) -> None:
        self._listeners, self._channel = listeners, channel

    def end(self) -> None:
        self._listeners.remove(self._channel, self)


class LocalBus(Bus):
    """`reaches_others` is False: what other processes did is found in the store."""

    reaches_others = False

    def __init__(self) -> None:
        self._listeners = Listeners()

    def publish(self, channel: str, payload: bytes) -> None:
        self._listeners.tell(channel, payload)

    def subscribe(self, channel: str, heard: Heard) -> Subscription:
        return self._listeners.add(channel, heard)

    async def state(self) -> BusState:
        return "off"

    async def start(self) -> None:
        """There is nothing to connect to."""

    async def stop(self) -> None:
        """There is nothing to give back."""
