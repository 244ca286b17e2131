"""Cases, transfers and disposal for systems: the same acts, guards and refusals as the pages."""

from ninja import Router

from nongan.enforcement.api import acts, cases, disposals, transfers

router = Router(tags=["enforcement"])
for part in (cases.router, acts.router, transfers.router, disposals.router):
    router.add_router("", part)

__all__ = ["router"]
