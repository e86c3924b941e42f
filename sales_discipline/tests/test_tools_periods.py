import itertools
import zoneinfo
from datetime import date, datetime, timedelta, timezone

import pytz
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.periods import (
    DAY,
    PERIODS,
    iter_periods,
    local_date,
    local_to_utc,
    nth_working_day,
    period_bounds,
    utc_bounds,
)

ZONES = (
    "UTC Europe/Berlin America/New_York Europe/Moscow Asia/Vladivostok Pacific/Auckland Australia/Lord_Howe"
    " America/Sao_Paulo Asia/Beirut America/Havana Asia/Kolkata Pacific/Chatham Pacific/Kiritimati Etc/GMT+12"
).split()
days = st.dates(date(2005, 1, 1), date(2029, 12, 31))
zones = st.sampled_from(ZONES)
hours = st.integers(0, 24 * 60).map(lambda minutes: minutes / 60)


def utc(text):
    return datetime.fromisoformat(text)


@tagged("post_install", "-at_install")
class TestToolsPeriods(BaseCase):
    # ------------------------------------------------------------
    # The calendar
    # ------------------------------------------------------------

    def test_bounds(self):
        cases = [
            ("day", "2026-02-28", "2026-02-28", "2026-02-28"),
            ("week", "2026-03-09", "2026-03-09", "2026-03-15"),  # Monday
            ("week", "2026-03-15", "2026-03-09", "2026-03-15"),  # Sunday
            ("week", "2026-01-01", "2025-12-29", "2026-01-04"),  # ISO week 1 begins in December
            ("week", "2027-01-03", "2026-12-28", "2027-01-03"),  # ISO week 53 ends in January
            ("month", "2026-02-10", "2026-02-01", "2026-02-28"),
            ("month", "2028-02-10", "2028-02-01", "2028-02-29"),
            ("month", "2100-02-10", "2100-02-01", "2100-02-28"),
            ("month", "2026-12-31", "2026-12-01", "2026-12-31"),
        ]
        for period, day, first, last in cases:
            with self.subTest(period=period, day=day):
                expected = (date.fromisoformat(first), date.fromisoformat(last))
                self.assertEqual(period_bounds(period, date.fromisoformat(day)), expected)

    def test_unknown_period(self):
        with self.assertRaisesRegex(ValueError, "fortnight"):
            period_bounds("fortnight", date(2026, 1, 1))

    def test_iter_from_the_middle(self):
        weeks = list(iter_periods("week", date(2025, 12, 31), date(2026, 1, 12)))
        self.assertEqual([week[0].isoformat() for week in weeks], ["2025-12-29", "2026-01-05", "2026-01-12"])
        self.assertEqual(list(iter_periods("month", date(2026, 3, 2), date(2026, 2, 27))), [])

    @given(st.sampled_from(PERIODS), days, st.integers(0, 800))
    @settings(deadline=None)
    def test_periods_tile_the_calendar(self, period, first, length):
        last = first + timedelta(days=length)
        found = list(iter_periods(period, first, last))
        self.assertTrue(found[0][0] <= first <= found[0][1])
        self.assertTrue(found[-1][0] <= last <= found[-1][1])
        for (_start, stop), (following, _stop) in itertools.pairwise(found):
            self.assertEqual(following, stop + DAY, "no gap, no overlap")
        for start, stop in found:
            for day in (start, stop, start + (stop - start) // 2):
                self.assertEqual(period_bounds(period, day), (start, stop))

    # ------------------------------------------------------------
    # Local time
    # ------------------------------------------------------------

    def test_deadlines(self):
        cases = [
            # an ordinary day, and those on which the clocks change
            ("Europe/Berlin", "2026-03-27", 18, "2026-03-27 17:00"),
            ("Europe/Berlin", "2026-03-29", 18, "2026-03-29 16:00"),
            ("Europe/Berlin", "2026-10-25", 18, "2026-10-25 17:00"),
            ("America/New_York", "2026-03-08", 18, "2026-03-08 22:00"),
            ("America/New_York", "2026-11-01", 18, "2026-11-01 23:00"),
            ("Europe/Moscow", "2026-03-29", 18, "2026-03-29 15:00"),  # none since 2014
            ("Asia/Vladivostok", "2026-03-29", 18, "2026-03-29 08:00"),
            ("Pacific/Auckland", "2025-04-06", 18, "2025-04-06 06:00"),
            ("Pacific/Auckland", "2025-09-28", 18, "2025-09-28 05:00"),
            ("Australia/Lord_Howe", "2025-04-05", 18, "2025-04-05 07:00"),
            ("Australia/Lord_Howe", "2025-04-06", 18, "2025-04-06 07:30"),  # half an hour
            ("Asia/Kolkata", "2026-03-10", 18.5, "2026-03-10 13:00"),
            ("UTC", "2026-03-10", 24, "2026-03-11 00:00"),
            ("Europe/Berlin", "2026-03-28", 24, "2026-03-28 23:00"),
            ("UTC", "2026-03-10", 17 + 59 / 60, "2026-03-10 17:59"),
        ]
        for zone, day, hour, moment in cases:
            with self.subTest(zone=zone, day=day, hour=hour):
                self.assertEqual(local_to_utc(date.fromisoformat(day), hour, zone), utc(moment))

    def test_wall_clock_that_jumps(self):
        cases = [
            ("Europe/Berlin", "2026-03-29", 2.5, "2026-03-29 01:30"),  # is not: the offset before
            ("Europe/Berlin", "2026-10-25", 2.5, "2026-10-25 00:30"),  # is twice: the first
            ("America/New_York", "2026-03-08", 2.5, "2026-03-08 07:30"),
            ("America/New_York", "2026-11-01", 1.5, "2026-11-01 05:30"),
            ("Australia/Lord_Howe", "2025-10-05", 2.25, "2025-10-04 15:45"),
            # a new offset for good, without summer time: the first of two again
            ("Europe/Moscow", "2014-10-26", 1.5, "2014-10-25 21:30"),
            ("Asia/Vladivostok", "2014-10-26", 1.5, "2014-10-25 14:30"),
            ("Asia/Almaty", "2024-02-29", 23.5, "2024-02-29 17:30"),
        ]
        for zone, day, hour, moment in cases:
            with self.subTest(zone=zone, day=day, hour=hour):
                self.assertEqual(local_to_utc(date.fromisoformat(day), hour, zone), utc(moment))

    def test_length_of_days(self):
        cases = [
            ("Europe/Berlin", "2026-03-29", 23),
            ("Europe/Berlin", "2026-10-25", 25),
            ("America/New_York", "2026-03-08", 23),
            ("America/New_York", "2026-11-01", 25),
            ("Pacific/Auckland", "2025-04-06", 25),
            ("Pacific/Auckland", "2025-09-28", 23),
            ("Australia/Lord_Howe", "2025-04-06", 24.5),
            ("Australia/Lord_Howe", "2025-10-05", 23.5),
            ("Europe/Moscow", "2026-03-29", 24),
            ("Asia/Vladivostok", "2026-10-25", 24),
            # the day has no midnight: it begins at one
            ("America/Sao_Paulo", "2018-11-04", 23),
            ("Asia/Beirut", "2022-03-27", 23),
            # midnight comes twice: the day has an hour more, and so has the one before in Sao Paulo
            ("America/Havana", "2024-11-03", 25),
            ("America/Sao_Paulo", "2018-02-17", 25),
            ("America/Sao_Paulo", "2018-02-18", 24),
        ]
        for zone, day, length in cases:
            with self.subTest(zone=zone, day=day):
                day = date.fromisoformat(day)
                start, stop = utc_bounds(day, day, zone)
                self.assertEqual((stop - start).total_seconds() / 3600, length)

    def test_a_day_that_begins_at_one(self):
        for zone, day, start in (
            ("America/Sao_Paulo", "2018-11-04", "2018-11-04 03:00"),
            ("Asia/Beirut", "2022-03-27", "2022-03-26 22:00"),
        ):
            day = date.fromisoformat(day)
            self.assertEqual(utc_bounds(day, day, zone)[0], utc(start))
            self.assertEqual(local_date(utc(start), zone), day)
            self.assertEqual(local_date(utc(start) - timedelta(seconds=1), zone), day - DAY)

    def test_month_and_year_bounds(self):
        first, last = period_bounds("month", date(2026, 3, 14))
        self.assertEqual(
            utc_bounds(first, last, "Europe/Berlin"), (utc("2026-02-28 23:00"), utc("2026-03-31 22:00"))
        )
        self.assertEqual(
            utc_bounds(date(2026, 12, 31), date(2026, 12, 31), "Pacific/Kiritimati"),
            (utc("2026-12-30 10:00"), utc("2026-12-31 10:00")),
        )

    def test_unknown_zone(self):
        with self.assertRaisesRegex(ValueError, "Mars/Olympus"):
            local_to_utc(date(2026, 1, 1), 18, "Mars/Olympus")

    @given(days, zones)
    @settings(deadline=None)
    def test_days_touch(self, day, zone):
        start, stop = utc_bounds(day, day, zone)
        self.assertEqual(stop, utc_bounds(day + DAY, day + DAY, zone)[0])
        self.assertTrue(timedelta(hours=22) < stop - start < timedelta(hours=26))
        for moment in (start, stop - timedelta(seconds=1)):
            self.assertEqual(local_date(moment, zone), day)
        self.assertEqual(local_date(stop, zone), day + DAY)

    @given(st.sampled_from(PERIODS), days, zones)
    @settings(deadline=None)
    def test_periods_touch(self, period, day, zone):
        first, last = period_bounds(period, day)
        stop = utc_bounds(first, last, zone)[1]
        self.assertEqual(stop, utc_bounds(*period_bounds(period, last + DAY), zone)[0])

    @given(days, hours, zones)
    @settings(deadline=None)
    def test_there_and_back(self, day, hour, zone):
        """Where the wall clock shows that time, the moment is the one; and later hours are later moments."""
        moment = local_to_utc(day, hour, zone)
        shown = pytz.utc.localize(moment).astimezone(pytz.timezone(zone)).replace(tzinfo=None)
        wanted = datetime.combine(day, datetime.min.time()) + timedelta(minutes=round(hour * 60))
        self.assertTrue(shown == wanted or timedelta(0) < shown - wanted <= timedelta(hours=1))
        if hour <= 23:
            self.assertLessEqual(moment, local_to_utc(day, hour + 1, zone))

    @given(days, hours, zones)
    @settings(deadline=None, max_examples=300)
    def test_like_the_standard_library(self, day, hour, zone):
        """PEP 495 with fold 0 says the same of times that are not, or are twice."""
        try:
            info = zoneinfo.ZoneInfo(zone)
        except zoneinfo.ZoneInfoNotFoundError:
            self.fail(f"This system has no time zone data: {zone}")
        if day.year >= 2026 and zone not in ("Europe/Berlin", "America/New_York", "UTC"):
            return  # the two may have been told of different plans of governments
        local = datetime.combine(day, datetime.min.time()) + timedelta(minutes=round(hour * 60))
        expected = local.replace(tzinfo=info).astimezone(timezone.utc).replace(tzinfo=None)
        self.assertEqual(local_to_utc(day, hour, zone), expected)

    # ------------------------------------------------------------
    # Closing days
    # ------------------------------------------------------------

    def test_closing_day(self):
        def is_working(day):  # Monday to Friday, but for a holiday
            return day.weekday() < 5 and day != date(2026, 4, 3)

        cases = [
            ("2026-03-31", 0, "2026-03-31"),
            ("2026-03-31", 1, "2026-04-01"),
            ("2026-03-31", 3, "2026-04-06"),
            ("2026-02-28", 1, "2026-03-02"),  # ends on a Saturday
            ("2026-02-28", 0, "2026-02-28"),
            ("2026-12-31", 2, "2027-01-04"),
        ]
        for last, delay, expected in cases:
            with self.subTest(last=last, delay=delay):
                found = nth_working_day(date.fromisoformat(last), delay, is_working)
                self.assertEqual(found, date.fromisoformat(expected))

    def test_closing_day_without_working_days(self):
        day = nth_working_day(date(2026, 1, 1), 2, lambda day: False)
        self.assertEqual(day, date(2026, 1, 1) + timedelta(days=368))
