from random import Random

from odoo.tests import freeze_time, tagged

from ..tools.windows import Window
from .time_common import TimeCase


@tagged("post_install", "-at_install")
class TestTimeMetric(TimeCase):
    """What time studies give to plans: as of the deadline, whenever it is counted."""

    def _freeze(self, day="2026-03-10", now="2026-03-10 18:00:00"):
        self._score(f"{day} 04:00:00")
        self._score(now)
        card = self._card(self.e_anna, day)
        lines = (self._line(card, f"time_{code}") for code in ("nonselling_share", "selling_minutes"))
        return [(line.actual if line.zone != "none" else None) for line in lines], card

    def _plan(self, period="day"):
        lines = [("time_nonselling_share", 40.0), ("time_selling_minutes", 240.0)]
        return self._make_plan(*lines, period=period, date_from="2026-03-10")

    def test_frozen(self):
        """A card is frozen with them, and opens what was counted."""
        self._plan()
        self._add(self.anna, self.selling, 90)
        self._add(self.anna, self.claims, 30)
        self._add(self.anna, self.claims, 300, "2026-03-09")  # another day
        self._add(self.boris, self.selling, 60)
        found, card = self._freeze()
        self.assertEqual(found, [25, 90])
        for line in card.line_ids:
            action = line.with_user(self.anna).action_open_facts()
            self.assertEqual(action["res_model"], "discipline.time.entry")
            counted = self.entries.with_user(self.anna).search(action["domain"])
            self.assertEqual(sorted(counted.mapped("minutes")), [30, 90])

    def test_no_data(self):
        """Nothing entered is no data; nothing of selling is none."""
        self._plan()
        self.assertEqual(self._freeze()[0], [None, None])

    def test_nothing_sold(self):
        self._plan()
        self._add(self.anna, self.claims, 30)
        self._add(self.anna, self.selling, 30, "2026-03-09")
        self.assertEqual(self._freeze()[0], [100, 0])

    def test_deadline(self):
        """What is entered, corrected or removed after the deadline does not count, if the cron comes hours late."""
        self._plan()
        kept = self._add(self.anna, self.selling, 60)["added"]
        gone = self._add(self.anna, self.claims, 60)["added"]
        late = "2026-03-10 19:00:00"
        self._add(self.anna, self.claims, 240, at=late)
        self._as(self.anna, "change_entry", kept, {"minutes": 5, "category_id": self.claims.id}, at=late)
        self._as(self.anna, "remove_entry", gone, at=late)
        found, card = self._freeze(now="2026-03-10 23:30:00")
        self.assertEqual(found, [50, 60])
        self.assertEqual(card.line_ids[0].late, 2)  # the new one, and the corrected one
        domain = card.line_ids[0].with_user(self.anna).action_open_facts()["domain"]
        counted = self.entries.with_user(self.anna).with_context(active_test=False).search(domain)
        self.assertEqual(sorted(counted.mapped("minutes")), [60, 60])

    def test_timer_that_runs(self):
        """Counts once it is stopped; a forgotten one since midnight, though its cron may come later."""
        self._plan()
        self._add(self.anna, self.claims, 30)
        self._as(self.anna, "start_timer", self.selling.id, at="2026-03-10 14:00:00")
        with freeze_time("2026-03-11 03:00:00"):
            self.studies._cron_run()
        self.assertEqual(self._freeze(now="2026-03-11 04:00:00")[0], [100, 0])

    def test_brute_force(self):
        """The same as adding up what stood there at the deadline, for any people, days and deadlines."""
        random = Random(11)
        users = [self.anna, self.boris, self.lena]
        moments = [f"2026-03-13 {hour:02}:{minute:02}:00" for hour in range(8, 13) for minute in (0, 30)]
        history = []  # (user, day, kind, minutes, since, until)
        rows = {}
        for at in moments:
            for user in users:
                if rows.get(user) and random.random() < 0.4:
                    entry_id, index = rows[user].pop(random.randrange(len(rows[user])))
                    history[index][5] = at
                    self._as(user, "remove_entry", entry_id, at=at)
                category = random.choice((self.selling, self.claims, self.travel))
                minutes, day = random.randint(1, 60), f"2026-03-{random.randint(9, 13):02}"
                entry_id = self._add(user, category, minutes, day, at=at)["added"]
                rows.setdefault(user, []).append((entry_id, len(history)))
                history.append([user, day, category.kind, minutes, at, "9999"])
        windows = []
        for number in range(30):
            first = random.randint(9, 13)
            last = random.randint(first, 13)
            by = self._at(random.choice(moments))
            windows.append(
                Window(
                    key=number,
                    user_ids=(random.choice(users).id,),
                    start=self._at(f"2026-03-{first:02} 00:00:00"),
                    stop=self._at(f"2026-03-{last:02} 23:00:00"),
                    first_day=self._at(f"2026-03-{first:02}").date(),
                    last_day=self._at(f"2026-03-{last:02}").date(),
                    entered_by=by,
                )
            )
        share, selling = self._metric("time_nonselling_share"), self._metric("time_selling_minutes")
        found = (share + selling)._measure(windows)
        for window in windows:
            there = [
                row
                for row in history
                if row[0].id in window.user_ids
                and str(window.first_day) <= row[1] <= str(window.last_day)
                and row[4] <= str(window.entered_by) < row[5]
            ]
            every = sum(row[3] for row in there)
            sold = sum(row[3] for row in there if row[2] == "selling")
            with self.subTest(window):
                value = found[share.id, window.key].value
                self.assertEqual(
                    value if value is None else round(value, 6),
                    round(100 * (every - sold) / every, 6) if every else None,
                )
                self.assertEqual(found[selling.id, window.key].value, sold if every else None)
