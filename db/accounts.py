"""Accounts of the operations view: passwords, lockout, sessions. Used by the web view and the command line alike.

The database keeps only the hash of a session's token, so a stolen database opens nothing and the server can end a
session.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from config.faults import Refusal
from db.journal import record
from db.models import LoginSession, User

SESSION_HOURS = 12
SHORTEST_PASSWORD = 10
FREE_FAILURES = 5
LONGEST_LOCK = timedelta(hours=1)
WRONG = "Tên đăng nhập hoặc mật khẩu không đúng. Hãy thử lại."

_hasher = PasswordHasher()


class LoginRefused(Exception):
    """A login that did not succeed; `str()` is the reason in Vietnamese. The counting of failures must be committed."""


def hash_password(password: str) -> str:
    """The Argon2id hash of a password. Raises Refusal when it is too short to be safe."""
    if len(password) < SHORTEST_PASSWORD:
        raise Refusal(f"Mật khẩu quá ngắn: cần ít nhất {SHORTEST_PASSWORD} ký tự. Hãy chọn một câu dễ nhớ.")
    return _hasher.hash(password)


def password_matches(stored: str, password: str) -> bool:
    """Whether a password fits a stored hash; a broken hash fits nothing."""
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _hash_of_nobody() -> str:
    # Checked when the name is unknown, so that the answer takes as long as for a known one.
    return _hasher.hash(secrets.token_urlsafe(16))


def add_user(
    session: Session, username: str, full_name: str, role: str, password: str, now: datetime, actor: str
) -> User:
    """A new account. Raises Refusal when the name is taken or the password too short."""
    name = username.strip().lower()
    if not name or len(name) > 64 or not name.isprintable() or " " in name:
        raise Refusal(f"Tên đăng nhập «{username}» không dùng được: hãy viết liền, tối đa 64 ký tự.")
    if session.scalars(select(User.id).where(User.username == name)).first() is not None:
        raise Refusal(
            f"Tên đăng nhập «{name}» đã có. Hãy chọn tên khác, hoặc đặt lại mật khẩu: dondoc user reset {name}."
        )
    user = User(
        username=name,
        full_name=full_name.strip() or name,
        role=role,
        password_hash=hash_password(password),
        created_at=now,
    )
    session.add(user)
    session.flush()
    data = {"username": name, "role": role}
    record(session, at=now, actor=actor, action="user.add", subject_kind="user", subject_id=user.id, data=data)
    return user


def reset_password(session: Session, username: str, password: str, now: datetime, actor: str) -> User:
    """A new password; the lock is lifted and every session ended. Raises Refusal for an unknown name."""
    user = find_account(session, username)
    user.password_hash = hash_password(password)
    user.failed_logins, user.locked_until, user.active = 0, None, True
    session.execute(delete(LoginSession).where(LoginSession.user_id == user.id))
    record(session, at=now, actor=actor, action="user.reset", subject_kind="user", subject_id=user.id)
    return user


def close_account(session: Session, username: str, now: datetime, actor: str) -> User:
    """The account opens nothing from now on; what it did stays in the journal. Raises Refusal for an unknown name."""
    user = find_account(session, username)
    user.active = False
    session.execute(delete(LoginSession).where(LoginSession.user_id == user.id))
    record(session, at=now, actor=actor, action="user.close", subject_kind="user", subject_id=user.id)
    return user


def find_account(session: Session, username: str) -> User:
    """The account of a name. Raises Refusal when there is none."""
    user = session.scalars(select(User).where(User.username == username.strip().lower())).one_or_none()
    if user is None:
        raise Refusal(f"Không có tài khoản «{username}». Xem danh sách: dondoc user list.")
    return user


def has_accounts(session: Session) -> bool:
    """Whether anybody can sign in at all; a new installation has nobody."""
    return session.scalars(select(User.id).where(User.active).limit(1)).first() is not None


def lock_after(failures: int) -> timedelta:
    """How long an account rests after so many failures in a row: from the 5th on 1, 2, 4 ... 60 minutes."""
    if failures < FREE_FAILURES:
        return timedelta(0)
    return min(timedelta(minutes=2 ** min(failures - FREE_FAILURES, 6)), LONGEST_LOCK)


def log_in(session: Session, username: str, password: str, now: datetime) -> str | LoginRefused:
    """Check a name and password: the token of a new session, or why not.

    A refusal is returned, not raised: the count of failures must be committed with it.
    """
    query = select(User).where(User.username == username.strip().lower(), User.active).with_for_update()
    user = session.scalars(query).one_or_none()
    if user is None:
        password_matches(_hash_of_nobody(), password)
        return LoginRefused(WRONG)
    if user.locked_until and user.locked_until > now:
        return _locked(user.locked_until, now)
    if not password_matches(user.password_hash, password):
        return _count_failure(session, user, now)
    user.failed_logins, user.locked_until = 0, None
    record(session, at=now, actor=user.username, action="user.login", subject_kind="user", subject_id=user.id)
    return open_session(session, user.id, now)


def _locked(until: datetime, now: datetime) -> LoginRefused:
    minutes = max(1, -(-int((until - now).total_seconds()) // 60))
    return LoginRefused(
        f"Tài khoản tạm khóa vì nhập sai nhiều lần. Hãy thử lại sau {minutes} phút, hoặc nhờ quản trị đặt lại mật khẩu."
    )


def _count_failure(session: Session, user: User, now: datetime) -> LoginRefused:
    user.failed_logins += 1
    wait = lock_after(user.failed_logins)
    if not wait:
        return LoginRefused(WRONG)
    user.locked_until = now + wait
    data = {"failures": user.failed_logins, "minutes": int(wait.total_seconds() // 60)}
    record(session, at=now, actor=user.username, action="user.lock", subject_kind="user", subject_id=user.id, data=data)
    return _locked(user.locked_until, now)


def open_session(session: Session, user_id: int, now: datetime) -> str:
    """Start a session and return its token; sessions that have expired are swept away."""
    token = secrets.token_urlsafe(32)
    session.execute(delete(LoginSession).where(LoginSession.expires_at <= now))
    expires = now + timedelta(hours=SESSION_HOURS)
    session.add(LoginSession(token_hash=token_digest(token), user_id=user_id, created_at=now, expires_at=expires))
    return token


def close_session(session: Session, token: str) -> None:
    """End a session on the server."""
    session.execute(delete(LoginSession).where(LoginSession.token_hash == token_digest(token)))


def token_digest(token: str) -> str:
    """What the database keeps of a session's token."""
    return hashlib.sha256(token.encode()).hexdigest()
