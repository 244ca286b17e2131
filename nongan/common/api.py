"""What every router of the API takes in, and answers with when it refuses."""

from typing import Annotated

from ninja import Field, Schema

PRINTABLE = r"^[^\x00-\x1f\x7f]*$"  # PostgreSQL keeps no NUL, and no name holds a control character
Text = Annotated[str, Field(max_length=100, pattern=PRINTABLE)]
Token = Annotated[str, Field(max_length=2000, pattern=PRINTABLE, description="`next` of the page before.")]
DivisionCode = Annotated[str, Field(pattern=r"^([0-9]{12})?$", description="Full code of 12 digits.")]


class Refusal(Schema):
    """`code` is for programs (`not_found`, `not_permitted`, or the name of the rule), `message` for people."""

    code: str
    message: str


class Fault(Schema):
    """One field of a request that is not well-formed."""

    field: str
    message: str


class Malformed(Refusal):
    """A request that could not be read: every field that is wrong."""

    faults: list[Fault]
