"""The watch outside: an address that is called while all is well, and that alarms somebody when the calls stop."""

from bot.channels.machine import LOST, Machine

PATIENCE = 10.0  # seconds for an answer
LONGEST_ANSWER = 1024  # bytes of one that are read


class Outside:
    """The address is a key: it stands in no answer and in no log."""

    def __init__(self, url: str, patience: float = PATIENCE) -> None:
        self._url = url
        self._machine = Machine(patience, LONGEST_ANSWER)

    def __repr__(self) -> str:
        return "Outside(…)"

    async def call(self) -> str:
        """Says that all is well. Empty where that was heard, otherwise why not."""
        try:
            answer = await self._machine.get(self._url, {})
        except (*LOST, ValueError) as error:  # ValueError: an address that cannot be one
            return type(error).__name__
        return "" if 200 <= answer.status < 300 else str(answer.status)

    async def close(self) -> None:
        await self._machine.close()
