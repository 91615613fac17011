"""What a machine sends as JSON, read into its form."""

from typing import TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError

from handlers.web.api.bringing import JSON
from handlers.web.api.imports import media_of
from handlers.web.api.problem import ProblemError

Form = TypeVar("Form", bound=BaseModel)


async def body_as(request: Request, form: type[Form]) -> Form:
    """The body in that form. Raises ProblemError, naming the places that are wrong and nothing of what is there."""
    media_of(request, (JSON,))
    try:
        return form.model_validate_json(await request.body())
    except ValidationError as error:
        places = sorted({".".join(["body", *(str(part) for part in one["loc"][:1])]) for one in error.errors()})
        raise ProblemError(422, "invalid", {"places": ", ".join(places)}, places=places) from None


def taken_as(form: type[BaseModel]) -> dict[str, object]:
    """How the description says what such a door takes."""
    schema = {"schema": {"$ref": f"#/components/schemas/{form.__name__}"}}
    return {"requestBody": {"required": True, "content": {JSON: schema}}}
