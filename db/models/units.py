"""Units, their other names, who sits in them, and who may log in."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.models.base import Base

PERSON_ROLES = ("contact", "deputy", "leader", "officer", "vice_chair", "chair")
USER_ROLES = ("admin", "officer", "leader")


class Unit(Base):
    """đơn vị: an organ, or a group ("các phòng chuyên môn") that stands for its members."""

    __tablename__ = "units"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(255))
    short_name: Mapped[str | None] = mapped_column(String(64))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    is_group: Mapped[bool] = mapped_column(default=False)
    muted_until: Mapped[date | None]
    mute_reason: Mapped[str | None] = mapped_column(String(500))
    active: Mapped[bool] = mapped_column(default=True)

    aliases: Mapped[list[UnitAlias]] = relationship(back_populates="unit", cascade="all, delete-orphan")
    people: Mapped[list[Person]] = relationship(back_populates="unit", order_by="Person.id")
    members: Mapped[list[Unit]] = relationship(
        secondary="group_members",
        primaryjoin="Unit.id == GroupMember.group_id",
        secondaryjoin="Unit.id == GroupMember.member_id",
        order_by="Unit.id",
    )
    charge: Mapped[UnitCharge | None] = relationship(cascade="all, delete-orphan", uselist=False)


class UnitCharge(Base):
    """The vice-chair in charge of a unit's field; he hears of what is late before the chairman does."""

    __tablename__ = "unit_charges"

    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)

    person: Mapped[Person] = relationship()


class UnitAlias(Base):
    """Another name of a unit; `key` is the name folded for comparison, unique over the register."""

    __tablename__ = "unit_aliases"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id", ondelete="CASCADE"), index=True)
    alias: Mapped[str] = mapped_column(String(255))
    key: Mapped[str] = mapped_column(String(255), unique=True)

    unit: Mapped[Unit] = relationship(back_populates="aliases")


class GroupMember(Base):
    """One member of a group of units."""

    __tablename__ = "group_members"

    group_id: Mapped[int] = mapped_column(ForeignKey("units.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("units.id", ondelete="CASCADE"), primary_key=True)


class Person(Base):
    """Somebody who gets messages. Work contact data only (Luật 91/2025/QH15)."""

    __tablename__ = "people"
    __table_args__ = (CheckConstraint(f"role in {PERSON_ROLES}", name="role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    title: Mapped[str | None] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(16))
    email: Mapped[str | None] = mapped_column(String(254))
    zalo_user_id: Mapped[str | None] = mapped_column(String(64))
    phone: Mapped[str | None] = mapped_column(String(20))
    # The chat of Zalo's Bot Platform; learnt only when the person writes to the bot.
    bot_chat_id: Mapped[str | None] = mapped_column(String(64))
    # Channels in order of preference, e.g. ["zalo", "email"].
    channels: Mapped[list[str]] = mapped_column(default=lambda: ["zalo", "email"])
    active: Mapped[bool] = mapped_column(default=True)

    unit: Mapped[Unit | None] = relationship(back_populates="people")


class User(Base):
    """An account of the operations view."""

    __tablename__ = "users"
    __table_args__ = (CheckConstraint(f"role in {USER_ROLES}", name="role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    full_name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(16))
    password_hash: Mapped[str] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    failed_logins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime]


class LoginSession(Base):
    """A login that can be ended from the server; the cookie holds only a random token, its hash stands here."""

    __tablename__ = "login_sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]

    user: Mapped[User] = relationship()
