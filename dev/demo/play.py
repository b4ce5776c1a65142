"""The acts of the demo, each one what a person of the office would do, through the same doors."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import quote

import httpx
import yaml

from dev.demo.browser import Browser
from dev.demo.stage import Stage, StepFailed
from dev.seed.sample_plan import odd_answer, write_sample_plan

UNITS = Path(__file__).parents[1] / "seed" / "units.yaml"
USER, PASSWORD = "chuyenvien", "phuong-an-hoa-2026"
APP = {"DONDOC_ZALO_APP_ID": "1111111111111111111", "DONDOC_ZALO_APP_SECRET": "double-app-secret"}
ANSWERS, BOUNCES = "nop@anhoa.example", "bounce@anhoa.example"
# How far back the demo plays the daily chase, so that reminders and escalations have a history.
PLAYED = timedelta(days=16)
# A duty in a message: its code, then the reader's link to answer.
LINK = re.compile(r"mã (DD-\d+-\w+)\).*?(https?://\S+/t/\S+)", re.DOTALL)
ADDRESS = re.compile(r"https?://\S+")
QUARTERS = ("I", "II", "III", "IV")


@dataclass
class Addresses:
    """Where to look, when all is ready."""

    zalo: str = ""
    mail: str = ""
    plan: str = ""
    report: str = ""
    answer: str = ""


class Play:
    """One showing of the demo."""

    def __init__(self, stage: Stage, today: date) -> None:
        self.stage = stage
        self.today = today
        self.seen = Addresses()

    def prepare(self) -> str:
        """Home, database, units, an account."""
        self.stage.dondoc("init")
        told = self.stage.dondoc("units", "load", str(UNITS)).split("\n")[0]
        name = ("--full-name", "Nguyễn Thu An")
        self.stage.dondoc("user", "add", USER, "--role", "admin", *name, "--password-stdin", typed=PASSWORD + "\n")
        return told

    def start_doubles(self) -> str:
        """The mail server and Zalo, as separate processes on this machine; then the consent, as in a browser."""
        self.seen.zalo = self._start_double("zalo_double", "--open")[0]
        imap = self.stage.start("imap_double", "dev.imap_double", "--port", "0", until="ready").split()[1]
        mail = self._start_double("smtp_double", "--imap", imap, "--mailboxes", f"{ANSWERS},{BOUNCES}")
        self.seen.mail = mail[0]
        self.stage.environment |= APP | {
            "DONDOC_ZALO_API_URL": self.seen.zalo,
            "DONDOC_ZALO_OAUTH_URL": self.seen.zalo,
            "DONDOC_ZALO_BUSINESS_URL": f"{self.seen.zalo}/business",
            "DONDOC_ZALO_BOT_URL": f"{self.seen.zalo}/botapi",
            "DONDOC_SMTP_URL": mail[1],
            "DONDOC_MAIL_FROM": "Đôn đốc nhiệm vụ <dondoc@anhoa.example>",
            "DONDOC_MAIL_REPLY_TO": ANSWERS,
            "DONDOC_MAIL_BOUNCE": BOUNCES,
            "DONDOC_IMAP_URL": f"{imap}?starttls=no",
        }
        httpx.post(f"{self.seen.zalo}/_control/people", json={"people": _followers()}, timeout=10).raise_for_status()
        self._consent()
        return f"Zalo {self.seen.zalo}, thư {self.seen.mail}"

    def _start_double(self, name: str, *more: str) -> list[str]:
        state = str(self.stage.folder / name)
        line = self.stage.start(name, f"dev.{name}", "--port", "0", "--state", state, *more, until="ready")
        return line.split()[1:]

    def _consent(self) -> None:
        """Ask for the page of consent, press the button there, and paste what comes back."""
        with self.stage.conversation("zalo", "connect") as talk:
            page = talk.read_until(ADDRESS)
            talk.say(Browser().link(page, "allow"))

    def read_plan(self) -> str:
        """Write the sample plan, import it, answer its one question, confirm it."""
        file = write_sample_plan(self.stage.folder / "ke-hoach-mau.docx", self.today.year)
        told = self.stage.dondoc("plan", "import", str(file))
        self.seen.plan = _found(r"bản nháp (\S+?)\.?\n", told)
        questions = self.stage.dondoc("plan", "questions", self.seen.plan)
        number = _found(r"^(\d+)\. \[phải trả lời\]", questions)
        self.stage.dondoc("plan", "answer", number, "--phrase", odd_answer(self.today.year)[1])
        since = (self.today - PLAYED - timedelta(days=9)).isoformat()
        told = self.stage.dondoc("plan", "confirm", self.seen.plan, "--chase-from", since)
        return " ".join(told.strip().split("\n")[::2])

    def chase(self) -> str:
        """Play the daily chase of the last weeks, morning by morning."""
        mornings = list(self._mornings())
        for morning in mornings:
            self.stage.dondoc("chase", "--now", morning)
            self.stage.dondoc("deliver", "--now", morning)
        sent = len(self._zalo_messages()) + len(self._mails())
        return f"{len(mornings)} buổi sáng làm việc, {sent} tin đã gửi"

    def _mornings(self) -> Iterator[str]:
        for year in sorted({(self.today - PLAYED).year, self.today.year}):
            for line in self.stage.dondoc("calendar", "days", "--year", str(year), "--json").splitlines():
                day = json.loads(line)
                moment = date.fromisoformat(day["date"])
                # Today is left to the schedule of `dondoc up`.
                if day["working"] and self.today - PLAYED <= moment < self.today:
                    yield f"{day['date']}T08:30"

    def open_doors(self) -> str:
        """The web view, the Prefect server and the runner."""
        self.stage.start("up", "cli.main", "up", until="Đang chạy")
        return self.stage.web

    def answer(self) -> str:
        """As unit leaders on the telephone: two answers and a request for time, through the links in the messages."""
        browser, links = Browser(), list(self._links())
        # Time can be asked for only before the date, so such a page is looked for first.
        asked = self._send_first(browser, links, "/gia-han", {"reason": "Chờ số liệu của cấp trên."})
        left = [each for each in links if each != asked]
        report = self._send_first(browser, left, "/nop", {"text": "Đơn vị đã hoàn thành, xin gửi báo cáo kèm theo."})
        nil = self._send_first(browser, [each for each in left if each != report], "/khong-phat-sinh", {})
        mailed = self._answer_by_mail()
        self.seen.answer = next((each for each in links if each not in (asked, report, nil)), links[0])
        deeds = (("nộp", report), ("không phát sinh", nil), ("xin gia hạn", asked), ("trả lời thư", mailed))
        done = [name for name, link in deeds if link]
        return "đã " + ", ".join(done)

    def _answer_by_mail(self) -> str:
        """Answer the newest mail by mail, and let the mailbox be read; gives its address, or nothing."""
        mails = self._mails()
        if not mails:
            return ""
        link = f"{self.seen.mail}/thu/{mails[-1]['id']}"
        httpx.post(f"{link}/tra-loi", data={"text": "Đã nhận."}, timeout=20)
        self.stage.dondoc("collect")
        return link

    def _send_first(self, browser: Browser, links: list[str], ending: str, filled: dict[str, str]) -> str:
        """Fill the form on the first page that has it and takes it; gives its link, or nothing."""
        file = {"files": ("Báo cáo kết quả.pdf", b"%PDF-1.4\n%%EOF\n", "application/pdf")}
        for link in links:
            try:
                browser.send(link, ending, filled, file if ending == "/nop" else None)
            except (StopIteration, httpx.HTTPStatusError):
                continue
            return link
        return ""

    def _links(self) -> Iterator[str]:
        """A link of every duty that a unit was told of, newest message first; two people do not answer for one."""
        known: set[str] = set()
        for message in reversed(self._zalo_messages()):
            text = message["text"]
            for code, link in LINK.findall(text) if "Xin báo cáo" not in text else ():
                if code not in known:
                    known.add(code)
                    yield link

    def _zalo_messages(self) -> list[dict[str, str]]:
        return list(httpx.get(f"{self.seen.zalo}/_control/inbox", timeout=10).json())

    def _mails(self) -> list[dict[str, str]]:
        return list(httpx.get(f"{self.seen.mail}/_control/mails", timeout=10).json())

    def report(self) -> str:
        """The consolidated report of this quarter."""
        quarter = f"Quý {QUARTERS[(self.today.month - 1) // 3]}/{self.today.year}"
        out = self.stage.folder / "bao-cao"
        self.stage.dondoc("report", "build", "--plan", self.seen.plan, "--period", quarter, "--out", str(out))
        self.seen.report = str(next(out.glob("*.docx")))
        return self.seen.report

    def chairman(self) -> str:
        """The chairman's conversation in the Zalo double, or the list when nothing has come so far."""
        for message in self._zalo_messages():
            if "Chủ tịch" in message["text"].split("\n")[0] and "Phó" not in message["text"].split("\n")[0]:
                return f"{self.seen.zalo}/nguoi/{quote(message['to'])}"
        return self.seen.zalo


def _followers() -> list[dict[str, object]]:
    """Everybody of the sample register who has Zalo, as followers who have just written to the Official Account."""
    register = yaml.safe_load(UNITS.read_text(encoding="utf-8"))
    people = [*register["people"], *(person for unit in register["units"] for person in unit.get("people", ()))]
    return [
        {"user_id": person["zalo_user_id"], "name": person["name"], "hours_since_interaction": 1}
        for person in people
        if "zalo_user_id" in person
    ]


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text, re.MULTILINE)
    if match is None:
        raise StepFailed(f"expected {pattern!r} in:\n{text}")
    return match[1]
