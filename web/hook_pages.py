"""The webhooks: Zalo's Official Account, the Bot Platform, and signed posts of an office's own gateway.

Each request is verified over its exact bytes before anything else is done with it, kept on disk, answered, and acted on
behind the request. What is not signed costs a hash and touches no database.
"""

from __future__ import annotations

import logging
from datetime import UTC

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from config.faults import Refusal
from submissions.inbound import calibration, spool
from submissions.inbound.payloads import posted_incoming
from submissions.inbound.signatures import bot_is_known, key_fault, posted_fault, unsigned_fault, zalo_variant
from web.edge import Edge, edge_of
from web.inbound_hands import hands_of

router = APIRouter()
log = logging.getLogger("dondoc.hooks")
# An event of Zalo is some kilobytes; files come as addresses.
MOST_EVENT = 1 << 18


@router.post("/hooks/zalo")
async def zalo_event(request: Request) -> Response:
    """An event of the Official Account: 200 once it is kept; 401 without a signature that holds.

    The unsigned `{}` that Zalo sends when the address is saved gets 200 and does nothing.
    """
    edge, raw = edge_of(request), await _body(request, MOST_EVENT)
    settings = edge.settings
    secret = settings.zalo_oa_secret.get_secret_value()
    if raw is None or not secret:
        return _answer(413 if secret else 404)
    if raw.strip() == b"{}":
        return _answer(200)
    headers = _headers(request)
    variant = zalo_variant(raw, headers, settings.zalo_app_id, secret)
    if variant is None:
        await run_in_threadpool(calibration.note_rejected, settings.home, raw, headers, edge.now())
        return _answer(401)
    await run_in_threadpool(calibration.note_verified, settings.home, variant, edge.now())
    return await _keep(request, edge, spool.ZALO, raw, headers)


@router.post("/hooks/zalo-bot")
async def bot_event(request: Request) -> Response:
    """An event of the Bot Platform: 200 once it is kept; 401 without the secret in its header."""
    edge = edge_of(request)
    secret, headers = edge.settings.zalo_bot_secret.get_secret_value(), _headers(request)
    if not secret or not bot_is_known(headers, secret):
        return _answer(401 if secret else 404)
    raw = await _body(request, MOST_EVENT)
    return _answer(413) if raw is None else await _keep(request, edge, spool.BOT, raw, headers)


@router.post("/hooks/nop")
async def posted_submission(request: Request) -> Response:
    """A submission posted by a gateway under Standard Webhooks: 202 once it is kept; else what is wrong, in JSON."""
    edge = edge_of(request)
    secret = edge.settings.webhook_in_secret.get_secret_value()
    if not secret:
        return _answer(404)
    if key_fault(secret):
        log.error("DONDOC_WEBHOOK_IN_SECRET cannot be used")
        return _refused(503, "Máy chủ chưa đặt đúng khóa nhận báo cáo.")
    headers = _headers(request)
    if fault := unsigned_fault(headers, edge.now()):
        return _refused(401, fault)
    # Bounded by web.headers.BodyLimit; a hundred megabytes are hashed beside the other requests.
    raw = await request.body()
    if fault := await run_in_threadpool(posted_fault, raw, headers, secret, edge.now().astimezone(UTC)):
        return _refused(401, fault)
    try:
        await run_in_threadpool(posted_incoming, raw, headers, edge.now(), edge.settings)
    except Refusal as refusal:
        return _refused(422, str(refusal))
    await _keep(request, edge, spool.POSTED, raw, headers)
    return JSONResponse({"status": "received", "id": headers["webhook-id"]}, status_code=202)


async def _body(request: Request, most: int) -> bytes | None:
    """The body; None when it is longer than an event ever is."""
    told = request.headers.get("content-length", "")
    if told.isdecimal() and int(told) > most:
        return None
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            return None
    return bytes(body)


def _headers(request: Request) -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}


async def _keep(request: Request, edge: Edge, hook: str, raw: bytes, headers: dict[str, str]) -> Response:
    await run_in_threadpool(spool.put, edge.settings.home, hook, raw, headers, edge.now())
    hands_of(request).ask()
    return _answer(200)


def _answer(status: int) -> Response:
    return JSONResponse({"status": "ok" if status == 200 else "refused"}, status_code=status)


def _refused(status: int, words: str) -> Response:
    return JSONResponse({"status": "refused", "error": words}, status_code=status)
