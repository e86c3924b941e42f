from odoo.tests import freeze_time

from .common import DisciplineCase


class ReportCase(DisciplineCase):
    """A daily plan that asks for a report: calls and meetings are stated, overdue activities are a state. Anna's (Berlin)
    scorecard of March 10th closes at 17:00 UTC; two calls of hers were measured by noon."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._make_plan(
            ("calls_done", 3),
            ("meetings_done", 1),
            ("activities_overdue", 0),
            ("report_submitted", 1),
            ask_report=True,
            date_from="2026-03-10",
        )
        cls._make_fact(cls.anna, "2026-03-10 09:00:00", count=2)
        cls._score("2026-03-10 12:00:00")
        cls.card = cls._card(cls.e_anna, "2026-03-10")
        cls.calls, cls.meetings = cls._line(cls.card, "calls_done"), cls._line(cls.card, "meetings_done")

    def _values(self, calls, meetings):
        """As a browser sends it: ids are texts there."""
        return {str(self.calls.id): calls, str(self.meetings.id): meetings}

    def _submit(self, calls=5, meetings=1, at="2026-03-10 16:00:00", user=None, **more):
        with freeze_time(at):
            result = self.cards.with_user(user or self.anna).submit_report(
                self.card.id, self._values(calls, meetings), **more
            )
        self.env.flush_all()
        self.env.invalidate_all()
        return result

    def _claims(self):
        """{metric code: (stated, fact)} of Anna's lines, None for nothing."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT m.code, l.claimed, l.actual FROM discipline_scorecard_line l
              JOIN discipline_metric m ON m.id = l.metric_id WHERE l.scorecard_id = %s
            """,
            [self.card.id],
        )
        return {code: tuple(values) for code, *values in self.env.cr.fetchall()}
