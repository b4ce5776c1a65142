"""`dondoc serve`: the operations view and the unit pages, nothing else."""

from __future__ import annotations

from typing import Annotated

import typer
import uvicorn

from config.settings import load_settings

# By name: the command line and the web view never import each other.
APPLICATION = "web.app:served_app"


def serve(
    host: Annotated[str | None, typer.Option(help="Địa chỉ lắng nghe; mặc định theo DONDOC_WEB_HOST")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Cổng; mặc định theo DONDOC_WEB_PORT")] = None,
) -> None:
    """Chỉ chạy trang theo dõi (không chạy lịch nhắc việc). Dừng bằng Ctrl-C."""
    settings = load_settings()
    # A reverse proxy on this machine tells the reader's address and scheme; nobody else is believed.
    uvicorn.run(
        APPLICATION,
        factory=True,
        host=host or settings.web_host,
        port=port or settings.web_port,
        log_level="warning",
        proxy_headers=True,
        forwarded_allow_ips="127.0.0.1",
        server_header=False,
    )
