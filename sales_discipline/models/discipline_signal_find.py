from datetime import datetime, timedelta
from functools import partial

from odoo import api, fields, models
from odoo.tools import SQL

from .discipline_scorecard import EVIDENCE
from .discipline_signal_rule import KINDS
from .readers import for_readers

RECENT = timedelta(days=31)  # days that were closed longer ago are nobody's news
BATCH = 20_000  # cards looked through in one transaction


class DisciplineSignal(models.Model):
    """How signals are found: one SQL statement a kind for all people and all days of the cards that were closed.

    A day is what a frozen card of the day says, or where a person has none, each day of their week's or month's. What
    is looked at is what counted on it: activities done within it and entered by its deadline, which are read once for
    all kinds (discipline_signal_done.py).
    """

    _inherit = "discipline.signal"

    @api.model
    def _find(self, now: datetime):
        """Look through the cards that were frozen since the last time, each once; return the new signals.

        :param now: naive UTC
        """
        cards = self._get_unchecked(now)
        if not cards:
            return self.browse()
        self.env.flush_all()
        self.env.cr.execute(self._sql_read(cards))
        ids = []
        for kind, _label in KINDS:
            self.env.cr.execute(self._sql_insert(kind, now))
            ids += [signal_id for (signal_id,) in self.env.cr.fetchall()]
        self.env.cr.execute(
            "UPDATE discipline_scorecard SET signals_at = %s WHERE id = ANY(%s);"
            " DROP TABLE discipline_signal_day, discipline_signal_done",
            [now, cards],
        )
        self.invalidate_model()
        self.env["discipline.scorecard"].invalidate_model(["signals_at"])
        return self.browse(sorted(ids))

    @api.model
    def _find_step(self, now: datetime) -> None:
        """The same as a step of the cron, of which cards are the result."""
        self._find(now)

    @api.model
    def _get_unchecked(self, now: datetime, limit: int = BATCH) -> list[int]:
        """Ids of frozen cards that no signals were looked for on."""
        self.env["discipline.scorecard"].flush_model(["state", "date_to"])
        query = (
            "SELECT id FROM discipline_scorecard WHERE state = 'frozen' AND signals_at IS NULL AND date_to >= %s"
            " ORDER BY date_to, id LIMIT %s"
        )
        self.env.cr.execute(query, [(now - RECENT).date(), limit])
        return [card_id for (card_id,) in self.env.cr.fetchall()]

    def _sql_read(self, cards: list[int]) -> SQL:
        """Read what all kinds look at into tables of this transaction. With their statistics PostgreSQL knows how much it
        is; compiling (JIT) takes longer than the work of a day."""
        return SQL(
            """
            SET LOCAL jit = off;
            CREATE TEMPORARY TABLE discipline_signal_day ON COMMIT DROP AS %s;
            ANALYZE discipline_signal_day;
            CREATE TEMPORARY TABLE discipline_signal_done ON COMMIT DROP AS %s;
            ANALYZE discipline_signal_done
            """,
            self._sql_days(cards),
            self._sql_done(),
        )

    def _sql_insert(self, kind: str, now: datetime) -> SQL:
        """INSERT of what the rule of `kind` finds; what is there already is left as it is."""
        return SQL(
            """
            WITH rule AS MATERIALIZED (%(rules)s), day AS NOT MATERIALIZED (SELECT * FROM discipline_signal_day),
                 done AS NOT MATERIALIZED (
                     SELECT a.*, r.at_least, r.minutes, r.share, r.bare_share, r.days FROM discipline_signal_done a
                       JOIN rule r ON r.company_id = a.company_id AND r.at_least <= a.total),
                 found AS (%(found)s)
            INSERT INTO discipline_signal (
                kind, employee_id, user_id, team_id, company_id, scorecard_id, date, strength, "limit", numbers, fact_ids,
                line_ids, state, create_uid, create_date, write_uid, write_date)
            SELECT %(kind)s, d.employee_id, d.user_id, d.team_id, d.company_id, d.card_id, d.date, f.strength, r.at_least,
                   JSONB_STRIP_NULLS(f.numbers || JSONB_BUILD_OBJECT('minutes', r.minutes, 'days', r.days,
                                                                     'share', r.share)),
                   f.fact_ids, f.line_ids, 'new', %(uid)s, %(now)s, %(uid)s, %(now)s
              FROM found f
              JOIN day d ON d.card_id = f.card_id AND d.date = f.date
              JOIN rule r ON r.company_id = d.company_id
                ON CONFLICT (employee_id, date, kind) DO NOTHING RETURNING id
            """,
            rules=self._sql_rules(kind),
            found=getattr(self, f"_find_{kind}")(),
            kind=kind,
            uid=self.env.uid,
            now=now,
        )


class DisciplineScorecard(models.Model):
    _inherit = "discipline.scorecard"
    _evidence = EVIDENCE | {"signals_at"}  # whoever could set it would keep signals from being looked for

    signals_at = fields.Datetime("Signals Looked for on", readonly=True)
    signal_count = fields.Integer("Signals", compute="_compute_signal_count", compute_sudo=False)

    _signals_idx = models.Index("(date_to) WHERE state = 'frozen' AND signals_at IS NULL")

    @api.depends_context("uid")
    def _compute_signal_count(self):
        """Those that the reader may see: of their own only where the company shows them."""
        signals = self.env["discipline.signal"]
        counts = {}
        if signals.has_access("read"):
            groups = signals._read_group([("scorecard_id", "in", self.ids)], ["scorecard_id"], ["__count"])
            counts = {card.id: count for card, count in groups}
        for card in self:
            card.signal_count = counts.get(card.id, 0)

    @for_readers
    def action_open_signals(self):
        """The signals of this card, with the reader's rights."""
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_discipline.discipline_signal_action")
        return {**action, "domain": [("scorecard_id", "in", self.ids)], "context": {}}

    @api.model
    def _get_steps(self, now: datetime) -> list:
        """What in the cards that were frozen since the last time looks like embellishment."""
        return [*super()._get_steps(now), partial(self.env["discipline.signal"].sudo()._find_step, now)]
