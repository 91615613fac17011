"""How the Bot API says no: always the same JSON, with the HTTP status in it once more."""

from typing import Any

from aiohttp import web


class RefusalError(Exception):
    """A request that the platform does not take."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    @property
    def response(self) -> web.Response:
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return web.json_response(body, status=self.code)


def bad(description: str) -> RefusalError:
    """400, in the platform's words."""
    return RefusalError(400, f"Bad Request: {description}")
