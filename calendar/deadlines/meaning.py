"""From the pieces of a phrase to rules of a plan year, or to the reason why a person must decide."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from deadlines import atoms as a
from deadlines.binding import bind, free_point
from deadlines.frequencies import doubtful_half, either, first_three_months, no_weekday, period_ends
from deadlines.lasting import beside_lasting, opens, waiting_rule
from deadlines.layout import Item, Segment, balanced, segments
from deadlines.nth import turn_days, unsure_nth
from deadlines.outcome import Outcome, Reading
from deadlines.refining import check_beside, contradicts, holds, lends_before, lends_cue, may_refine
from deadlines.rules import ByReference, Recurring, Rule, recurring
from deadlines.series import bind_label, bounds_next, bounds_series, except_from, labelled, said_twice, within_months
from deadlines.spans import Unsure, as_point, dated_range, dated_window, plain, refined, window_list
from deadlines.yearly import every_year, lends_year, yearly_is_shared

DATED = (a.Point, a.Window, a.Range, a.Every, a.Weekday, a.Hour)
WAITING = (a.Event, a.Demand, a.Reference)


def mean(pieces: list[a.Atom], year: int) -> Outcome:
    """Works out the meaning of a fully parsed phrase in a plan year."""
    outcome = Outcome()
    pieces = labelled(pieces)
    if not balanced(pieces):
        outcome.questions.append("Ngoặc đơn mở mà không đóng (hoặc ngược lại).")
    parts = segments(pieces)
    for segment in parts:
        _Segment(segment, year, outcome).read()
    if len(parts) > 1 and any(yearly_is_shared(earlier, later) for earlier, later in pairwise(parts)):
        outcome.questions.append("Mốc đứng trước dấu «;» không rõ có lặp lại hằng năm như mốc đứng sau không.")
        outcome.others.append(mean(every_year(pieces), year).rules)
    if any(lends_cue(earlier, later) for earlier, later in pairwise(parts)):
        outcome.questions.append("Chữ «trước» đứng trước dấu «;» không rõ có áp dụng cho mốc đứng sau không.")
    if not outcome.readings and not outcome.questions:
        outcome.questions.append("Không thấy chữ nào nói về thời hạn.")
    return outcome


class _Segment:
    """Reads one segment from left to right; pieces that refine each other are taken together."""

    def __init__(self, segment: Segment, year: int, outcome: Outcome) -> None:
        self.items = segment.items
        self.periodic = segment.periodic
        self.year = year
        self.outcome = outcome
        self.place = 0
        self.first_reading = len(outcome.readings)

    def read(self) -> None:
        while self.place < len(self.items):
            before = self.place
            item = self.items[before]
            self._check_join(item)
            try:
                self._read_one(item)
            except (Unsure, a.NoSuchDate) as reason:
                self.outcome.ask(reason)
                self.place = max(self.place, before + 1)
        self._check_periodic()
        if said_twice([reading.rule for reading in self.outcome.readings[self.first_reading :]]):
            self.outcome.questions.append("Một kỳ vừa không ghi ngày vừa có mốc ngày đứng sau: một việc hay hai việc?")

    def _check_periodic(self) -> None:
        rules = [reading.rule for reading in self.outcome.readings[self.first_reading :]] if self.periodic else []
        recurs = any(isinstance(rule, (Recurring, ByReference)) for rule in rules)
        if self.periodic and not recurs and (rules or not self.outcome.questions):
            self.outcome.questions.append("Có chữ «định kỳ» nhưng không rõ lặp lại theo tháng, quý, 6 tháng hay năm.")

    def _check_join(self, item: Item) -> None:
        """Two pieces side by side without a separator belong together in a way that only a person can say."""
        if item.join == "or":
            self._check_choice(item)
        if item.join != "start":
            reason = beside_lasting(self.items[self.place - 1], item)
            self.outcome.questions += [reason] if reason else []
            self.outcome.either = self.outcome.either or reason is not None
        if item.join != "direct" or item.inside or isinstance(item.atom, a.Except):
            return
        previous = self.items[self.place - 1].atom
        if isinstance(previous, a.Lasting) and isinstance(item.atom, a.Every):
            return
        if isinstance(previous, a.Range) and isinstance(item.atom, a.Every) and as_point(previous):
            return
        self.outcome.questions.append("Có hai mốc thời gian đứng liền nhau mà không rõ liên quan thế nào.")

    def _check_choice(self, item: Item) -> None:
        """ "Hằng năm hoặc khi có yêu cầu" is two duties; "hằng quý hoặc hằng năm" leaves a choice."""
        previous = self.items[self.place - 1].atom
        if not isinstance(previous, WAITING) and not isinstance(item.atom, WAITING):
            self.outcome.questions.append("Chữ «hoặc» giữa hai thời hạn: không rõ chọn một trong hai hay làm cả hai.")
            self.outcome.either = True

    def _read_one(self, item: Item) -> None:
        match item.atom:
            case a.Every() as every:
                self._every(item, every)
            case a.Point() as point:
                self._point(item, point)
            case a.Window() as window:
                self._window(item, window)
            case a.Range() as span:
                self._range(item, span)
            case a.Weekday() as day:
                self._weekday(item, day)
            case a.Hour() as hour:
                self._hour(item, hour)
            case a.Doubt() as doubt:
                raise Unsure(doubt.reason, [mean(list(option), self.year).rules for option in doubt.options])
            case a.Nth() as nth:
                raise unsure_nth(nth, self.year)
            case a.Turn() | a.Except() as part:
                self._add(self._of_series(part), [item])
                self.place += 1
            case _:
                self._waiting(item)

    def _of_series(self, part: a.Turn | a.Except) -> Rule:
        if isinstance(part, a.Turn):
            return turn_days(part, self.year)
        last = self.outcome.readings.pop().rule if self.outcome.readings else None
        return except_from(last, part, self.year)

    def _add(self, rule: Rule, items: list[Item]) -> None:
        start, end = items[0].atom.start, items[-1].atom.end
        self.outcome.readings.append(Reading(rule, start, end))

    def _next(self, offset: int = 1) -> Item | None:
        place = self.place + offset
        return self.items[place] if place < len(self.items) else None

    # Frequencies and the days that belong to them.

    def _every(self, item: Item, every: a.Every) -> None:
        hour = self._next()
        if every.freqs == ("daily",) and hour and isinstance(hour.atom, a.Hour) and hour.join in ("direct", "comma"):
            self._add(recurring("daily", self.year, time=hour.atom.time), [item, hour])
            self.place += 2
            return
        named = self._next()
        if every.freqs == ("weekly",) and named and isinstance(named.atom, a.Weekday) and named.join == "direct":
            self.place += 1
            self._weekday(named, named.atom)
            return
        if named and isinstance(named.atom, a.Turn) and every.freqs == (named.atom.freq,) and not item.inside:
            self._add(turn_days(named.atom, self.year), [item, named])
            self.place += 2
            return
        points = self._points_after(item)
        if points:
            self._bind(every, item, points)
            return
        if every.cumulative:
            raise first_three_months(every, self.year)
        if every.either:
            raise either(every, self.year)
        if every.doubtful_half:
            raise doubtful_half(every, self.year)
        own = self._own_year_after(every) or self._bounds_after()
        if "weekly" in every.freqs:
            raise no_weekday(every, self.year)
        for freq in every.freqs:
            self._add(period_ends(every, freq, self.year), [item, *own])
        self.place += 1 + len(own)

    def _own_year_after(self, every: a.Every) -> list[Item]:
        """Hằng quý trong năm 2026; hằng tháng, năm 2026: in a plan of 2026 the year of the plan bounds nothing."""
        following = self._next()
        stamp = a.Stamp("year", year=self.year)
        if not following or following.join not in ("direct", "comma"):
            return []
        alone = len(every.freqs) == 1 and every.freqs != ("annual",) and not following.worked
        named = alone and following.atom == a.Window("none", stamp)
        said = following.join == "direct" and following.atom == a.Window("in", stamp)
        return [following] if named or said else []

    def _bounds_after(self, offset: int = 1) -> list[Item]:
        """Hằng năm, giai đoạn 2026-2030: years that bound a series; any other stretch beside it is asked about."""
        following = self._next(offset)
        beside = following and following.join in ("direct", "comma") and not following.worked
        if following and beside and bounds_series(following.atom, self.year):
            return [following]
        if following and isinstance(following.atom, (a.Window, a.Range)) and following.join in ("direct", "comma"):
            raise Unsure(
                "Có kỳ lặp lại đứng cạnh một khoảng thời gian; không rõ khoảng này có giới hạn việc lặp lại không."
            )
        return []

    def _points_after(self, item: Item) -> list[Item]:
        """The day pieces that date a frequency: in a bracket after it, or after it with a comma or nothing between."""
        found: list[Item] = []
        while True:
            following = self._next(len(found) + 1)
            point = as_point(following.atom) if following else None
            if not following or not point or not self._belongs(following, found):
                return found
            found.append(following._replace(atom=point))

    def _belongs(self, following: Item, found: list[Item]) -> bool:
        if found:
            return following.inside == found[-1].inside and following.inside > 0
        if following.inside:
            return following.join == "direct"
        after = self._next(2)
        claimed = after and isinstance(after.atom, a.Every) and after.join == "direct" and following.join != "direct"
        return following.join in ("direct", "comma") and not claimed

    def _bind(self, every: a.Every, item: Item, points: list[Item]) -> None:
        days = [point.atom for point in points if isinstance(point.atom, a.Point)]
        points = [*points, *self._bounds_after(1 + len(points))]
        self.place += 1 + len(points)
        for rule in bind_label(every, days, self.year):
            self._add(rule, [item, *points])

    def _point(self, item: Item, point: a.Point) -> None:
        if lends_before(self.items[: self.place], item, point):
            self.outcome.questions.append("Chữ «trước» ở mốc đầu không rõ có áp dụng cho mốc sau không.")
            point = replace(point, cue="before")
        following = self._next()
        every = following.atom if following else None
        own_points = self._next(2)
        if (
            following
            and isinstance(every, a.Every)
            and (following.inside or following.join == "direct")
            and not (own_points and own_points.inside and not following.inside and own_points.join == "direct")
        ):
            dated = [item, following, *self._bounds_after(2)]
            self.place += len(dated)
            for rule in bind_label(every, [point], self.year):
                self._add(rule, dated)
            return
        check_beside(item, point, following)
        rules = free_point(point, self.year, periodic=self.periodic)
        bounds: list[Item] = []
        if any(isinstance(rule, Recurring) for rule in rules):
            bounds = self._bounds_after()
            self._check_more_periods()
        elif following and following.inside and not item.inside and not following.worked and as_point(following.atom):
            raise Unsure("Mốc ngày trong ngoặc khác mốc đứng trước; không rõ lấy mốc nào.", (tuple(rules),))
        for rule in rules:
            self._add(rule, [item, *bounds])
        self.place += 1 + len(bounds)

    def _check_more_periods(self) -> None:
        """Trước ngày 20 hằng tháng, hằng quý: the day may be that of the later periods, too."""
        following, own_days = self._next(), self._next(2)
        plain = following and isinstance(following.atom, a.Every) and following.join == "comma" and not following.worked
        if plain and not (own_days and as_point(own_days.atom) and own_days.join in ("direct", "comma")):
            raise Unsure("Mốc ngày đứng trước không rõ có áp dụng cho kỳ đứng sau dấu phẩy không.")

    # Stretches.

    def _window(self, item: Item, window: a.Window) -> None:
        if item.noun and window.cue == "none" and not item.inside:
            self._day_of_report(item, window)
            return
        if window.more:
            for rule in window_list(window, self.year, periodic=self.periodic):
                self._add(rule, [item])
            self.place += 1
            return
        if bounds_next(self.items, self.place, self.year):
            self.place += 1
            return
        if not window.stamp.year and self._recurs_after_comma():
            raise Unsure("Kỳ đứng trước không rõ có lặp lại như kỳ đứng sau dấu phẩy không.", plain(window, self.year))
        self._add_refined(dated_window(window, self.year), item)

    def _day_of_report(self, item: Item, window: a.Window) -> None:
        """Báo cáo quý I trước ngày 15/3/2026: the quarter is the report's; a day without a year is only offered."""
        following = self._next()
        day = following.atom if following and following.join == "direct" else None
        if not following or not isinstance(day, a.Point) or day.cue not in ("before", "latest", "until"):
            reason = "Kỳ này có thể là kỳ của nội dung (báo cáo, đánh giá) chứ không phải thời hạn."
            raise Unsure(reason, plain(window, self.year))
        self.place += 2
        rules = free_point(day, self.year, periodic=False)
        if following.worked or not item.report or not all(each.year for each in day.days):
            raise Unsure("Kỳ này là kỳ của báo cáo; không rõ mốc đứng sau chỉ một lần hay lặp lại.", [tuple(rules)])
        for rule in rules:
            self._add(rule, [item, following])

    def _recurs_after_comma(self) -> bool:
        """Whether a frequency stands behind this stretch (and its bracket), parted by a comma only."""
        offset = 1
        while (bracketed := self._next(offset)) and bracketed.inside and bracketed.join == "direct":
            offset += 1
        following = self._next(offset)
        return following is not None and following.join == "comma" and isinstance(following.atom, a.Every)

    def _range(self, item: Item, span: a.Range) -> None:
        if item.noun and not item.inside:
            raise Unsure("Khoảng này có thể là khoảng của nội dung (số liệu, báo cáo) chứ không phải thời hạn.")
        following = self._next()
        every = following.atom if following and following.join == "direct" else None
        last = as_point(span)
        if following and last and isinstance(every, a.Every) and every.freqs in (("monthly",), ("annual",)):
            self.place += 2
            for rule in bind(every.freqs, [last], self.year):
                self._add(rule, [item, following])
            return
        inside = within_months(span, following.atom, self.year) if following and following.join == "direct" else None
        if following and inside:
            self._add(inside, [item, following])
            self.place += 2
            return
        if bounds_next(self.items, self.place, self.year):
            self.place += 1
            return
        if opens(span):
            self._check_opening(item)
        self._add_refined(dated_range(span, self.year), item)

    def _check_opening(self, item: Item) -> None:
        """A beginning beside an end, or beside a series, may be one duty's: "bắt đầu ngày ..., kết thúc ngày ..."."""
        following = self._next()
        if following and not following.inside and isinstance(following.atom, (a.Point, a.Window)):
            raise Unsure("Mốc bắt đầu đứng cạnh một mốc khác; không rõ đó có phải ngày kết thúc của cùng việc không.")
        before = self.outcome.readings[self.first_reading :]
        if item.join == "comma" and not item.worked and before and isinstance(before[-1].rule, Recurring):
            raise Unsure("Có kỳ lặp lại đứng cạnh mốc bắt đầu; không rõ mốc này có phải lúc bắt đầu lặp lại không.")

    def _add_refined(self, rule: Rule, item: Item) -> None:
        """A later "chậm nhất ..." or bracket inside the stretch moves its due day."""
        following = self._next()
        if isinstance(item.atom, (a.Window, a.Range)) and lends_year(item.atom, following):
            raise Unsure("Mốc đứng trước không rõ có lặp lại hằng năm như mốc đứng sau không.", (rule,))
        finer = refined(rule, following.atom, self.year) if following and may_refine(item, following) else None
        if following and finer:
            self._add(finer, [item, following])
            self.place += 2
            return
        if following and following.inside and not item.inside and isinstance(following.atom, DATED):
            raise Unsure("Mốc thời gian trong ngoặc không khớp với mốc đứng trước.", (rule,))
        if following and not finer and contradicts(rule, following):
            raise Unsure("Mốc đứng sau nằm ngoài mốc đứng trước; không rõ lấy mốc nào.", (rule,))
        if following and following.join == "comma" and not following.worked and holds(rule, following.atom):
            raise Unsure("Mốc đứng sau nằm trong mốc đứng trước; không rõ lấy mốc nào.", (rule,))
        self._add(rule, [item])
        self.place += 1

    # Week days and hours.

    def _weekday(self, item: Item, day: a.Weekday) -> None:
        hour = self._next()
        if hour and isinstance(hour.atom, a.Hour) and not day.time and hour.join in ("direct", "comma"):
            self._add(recurring("weekly", self.year, weekday=day.number, time=hour.atom.time), [item, hour])
            self.place += 2
            return
        number = (day.number + 5) % 7 + 1 if day.cue == "before" and not day.time else day.number
        bounds = self._bounds_after()
        self._add(recurring("weekly", self.year, weekday=number, time=day.time), [item])
        self.place += 1 + len(bounds)

    def _hour(self, item: Item, hour: a.Hour) -> None:
        following = self._next()
        daily = following and isinstance(following.atom, a.Every) and following.atom.freqs == ("daily",)
        if not following or not daily or following.join != "direct":
            raise Unsure(f"Có giờ ({hour.time}) nhưng không rõ của ngày nào.")
        self._add(recurring("daily", self.year, time=hour.time), [item, following])
        self.place += 2

    # Duties that wait, and words that leave a doubt.

    def _waiting(self, item: Item) -> None:
        bracketed = bool(item.inside) and len(self.outcome.readings) > self.first_reading
        if bracketed and isinstance(item.atom, a.Reference):
            self.outcome.notes.append(f"Ngoặc «theo {item.atom.text}» chỉ nơi quy định chi tiết, không đổi mốc đã ghi.")
            self.place += 1
            return
        if bracketed and not item.worked and item.join == "direct" and self._follows_date():
            raise Unsure("Điều kiện trong ngoặc có thể làm đổi thời hạn đứng trước.")
        following = self._next()
        if (
            isinstance(item.atom, a.Lasting)
            and following
            and opens(following.atom)
            and following.join in ("direct", "comma")
        ):
            self.place += 1
            self._range(following, following.atom)
            return
        self._add(waiting_rule(item.atom), [item])
        self.place += 1

    def _follows_date(self) -> bool:
        return isinstance(self.items[self.place - 1].atom, (a.Point, a.Window, a.Range))
