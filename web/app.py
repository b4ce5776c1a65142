"""The web application: the operations view and the unit pages, served without the internet."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from starlette.staticfiles import StaticFiles

from config.clock import now as read_clock
from config.settings import Settings, load_settings
from notifications.links import LinkRefused
from web import (
    answer_pages,
    calendar_change_pages,
    calendar_pages,
    closing_pages,
    feed_pages,
    grid_pages,
    health_pages,
    hook_pages,
    inbound_pages,
    ladder_pages,
    leader_pages,
    leave_pages,
    login_pages,
    mute_pages,
    occurrence_pages,
    outbox_pages,
    paper_pages,
    person_pages,
    plan_pages,
    plan_reimport_pages,
    plan_review_pages,
    plan_source_pages,
    report_pages,
    review_pages,
    template_pages,
    today_pages,
    unit_pages,
    upload_pages,
)
from web.edge import Clock, Edge
from web.errors import add_handlers, too_large
from web.headers import BodyLimit, SecurityHeaders
from web.inbound_hands import InboundHands
from web.readers import Readers
from web.rendering import OWN_STATIC, vendor_static
from web.watchdog import Watchdog

MEGABYTE = 1 << 20
# A unit may send several files at once; one file is held to `upload_mb` by the service.
FILES_A_REQUEST = 5


def create_app(settings: Settings, clock: Clock = read_clock) -> FastAPI:
    """The application over one database. Faults in the office's YAML show on the pages that need it."""
    edge = Edge(settings, clock)
    readers, watchdog = Readers(edge), Watchdog(edge)
    hands = InboundHands(edge)

    @asynccontextmanager
    async def running(app: FastAPI) -> AsyncIterator[None]:
        readers.resume()
        hands.resume()
        watchdog.start()
        yield
        watchdog.stop()

    app = FastAPI(title="Đôn Đốc", docs_url=None, redoc_url=None, openapi_url=None, lifespan=running)
    app.state.edge, app.state.readers, app.state.hands = edge, readers, hands
    app.add_middleware(BodyLimit, most=(settings.upload_mb * FILES_A_REQUEST + 1) * MEGABYTE, refuse=too_large)
    app.add_middleware(SecurityHeaders)
    add_handlers(app)
    app.add_exception_handler(LinkRefused, answer_pages.refused_page)
    app.mount("/static/vendor", StaticFiles(directory=vendor_static()), name="vendor")
    app.mount("/static/own", StaticFiles(directory=OWN_STATIC), name="own")
    for router in _routers():
        app.include_router(router)
    return app


def served_app() -> FastAPI:
    """The application over the settings of the environment; what the server is told to load."""
    return create_app(load_settings())


def _routers() -> list[APIRouter]:
    modules = (
        login_pages,
        today_pages,
        calendar_pages,
        calendar_change_pages,
        closing_pages,
        feed_pages,
        grid_pages,
        ladder_pages,
        template_pages,
        occurrence_pages,
        plan_pages,
        plan_review_pages,
        plan_reimport_pages,
        plan_source_pages,
        upload_pages,
        outbox_pages,
        unit_pages,
        mute_pages,
        person_pages,
        leader_pages,
        report_pages,
        paper_pages,
        health_pages,
        hook_pages,
        inbound_pages,
        answer_pages,
        leave_pages,
        review_pages,
    )
    return [module.router for module in modules]
