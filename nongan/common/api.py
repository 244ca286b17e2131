"""What every router of the API answers with when it refuses."""

from ninja import Schema


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
