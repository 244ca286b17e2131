"""The law for systems: look-up, judging, limits, bans. Names and codes are both understood."""

from ninja import Router

from nongan.standards.api import law, limits

router = Router(tags=["standards"])
for part in (law.router, limits.router):
    router.add_router("", part)

__all__ = ["router"]
