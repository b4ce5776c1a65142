"""`dondoc serve`: the operations view and the unit pages, nothing else."""

from __future__ import annotations

import socket
from typing import Annotated

import typer
import uvicorn

from config.faults import Refusal, os_words
from config.settings import load_settings
from db.migrate import is_current

# By name: the command line and the web view never import each other.
APPLICATION = "web.app:served_app"


def serve(
    host: Annotated[str | None, typer.Option(help="Địa chỉ lắng nghe; mặc định theo DONDOC_WEB_HOST")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Cổng; mặc định theo DONDOC_WEB_PORT")] = None,
) -> None:
    """Chỉ chạy trang theo dõi (không chạy lịch nhắc việc). Dừng bằng Ctrl-C."""
    settings = load_settings()
    where = (host or settings.web_host, port or settings.web_port)
    refuse_unready(settings.database_url, *where)
    typer.echo(f"Trang theo dõi: http://{where[0]}:{where[1]} (người nhận tin mở {settings.base_url}). Ctrl-C để dừng.")
    # A reverse proxy on this machine tells the reader's address and scheme; nobody else is believed.
    uvicorn.run(
        APPLICATION,
        factory=True,
        host=where[0],
        port=where[1],
        log_level="warning",
        proxy_headers=True,
        forwarded_allow_ips="127.0.0.1",
        server_header=False,
    )


def refuse_unready(database_url: str, host: str, port: int) -> None:
    """Refusal, with the cure, when there is nothing to serve from or no port to serve on."""
    if not is_current(database_url):
        raise Refusal("Cơ sở dữ liệu chưa được chuẩn bị hoặc thuộc phiên bản cũ. Hãy chạy: dondoc init")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        raise Refusal(
            f"Không mở được cổng {port} trên {host} ({os_words(error)}). Hãy dừng chương trình đang dùng cổng này, "
            "hoặc chọn cổng khác: dondoc serve --port 8080"
        ) from error
