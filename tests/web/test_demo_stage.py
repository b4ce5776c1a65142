"""The demo beside another that still runs, and on ports that somebody uses."""

from __future__ import annotations

import socket
from pathlib import Path

from dev.demo.stage import Stage, free_port, own_folder


def test_a_second_demo_does_not_sweep_the_stage_of_the_first(tmp_path: Path) -> None:
    first = Stage.set_up(tmp_path / "demo")
    (first.folder / "kept").write_text("")
    second = Stage.set_up(tmp_path / "demo")
    assert (second.folder.name, (first.folder / "kept").exists()) == ("demo-2", True)
    for stage in (first, second):
        assert stage.lock is not None
        stage.lock.close()
    folder, lock = own_folder(tmp_path / "demo")
    lock.close()
    assert folder == first.folder, "a demo that has ended leaves its place"


def test_a_taken_port_is_passed_over() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        assert free_port(taken) != taken
