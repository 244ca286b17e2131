"""Numbers given out one after another under a prefix: CY-2026-360902-000001."""

from collections.abc import Callable
from typing import Any

from django.db import models


def take(counter: type[models.Model], prefix: str, count: int, begin: Callable[[str], int] = lambda prefix: 0) -> range:
    """The next `count` numbers under a prefix, inside a transaction; two people at once get different ones.

    `counter` is the context's own model `Serial` (`prefix`, `last`). Its row stays locked until the transaction ends,
    so that none is left out. `begin` says what was the last number where nobody has counted yet: rows may have been
    loaded in bulk.
    """
    serials: models.Manager[Any] = counter._default_manager
    serial = serials.select_for_update().filter(prefix=prefix).first()
    if serial is None:
        serials.get_or_create(prefix=prefix, defaults={"last": begin(prefix)})
        serial = serials.select_for_update().get(prefix=prefix)
    first = serial.last + 1
    serial.last += count
    serial.save(update_fields=["last"])
    return range(first, first + count)
