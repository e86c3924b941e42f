from datetime import datetime, timedelta
from functools import partial

from odoo import api, fields, models
from odoo.tools import SQL

from .discipline_scorecard import EVIDENCE
from .discipline_signal_rule import KINDS

RECENT = timedelta(days=31)  # days that were closed longer ago are nobody's news
BATCH = 20_000  # cards looked through in one transaction


class DisciplineSignal(models.Model):
    """How signals are found: one SQL statement a kind for all people and all days of the cards that were closed.

    A day is what a frozen card of the day says, or where a person has none, each day of their week's or month's. What
    is looked at is what counted on it: activities done within it and entered by its deadline.
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
        self.env.cr.execute("SET LOCAL jit = off")  # compiling takes longer than the work of a day
        ids = []
        for kind, _label in KINDS:
            self.env.cr.execute(self._sql_insert(kind, cards, now))
            ids += [signal_id for (signal_id,) in self.env.cr.fetchall()]
        self.env.cr.execute(
            "UPDATE discipline_scorecard SET signals_at = %s WHERE id = ANY(%s)", [now, cards]
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

    def _sql_insert(self, kind: str, cards: list[int], now: datetime) -> SQL:
        """INSERT of what the rule of `kind` finds; what is there already is left as it is."""
        return SQL(
            """
            WITH day AS MATERIALIZED (%(days)s), rule AS MATERIALIZED (%(rules)s), done AS (%(done)s), found AS (%(found)s)
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
            days=self._sql_days(cards),
            rules=self._sql_rules(kind),
            done=self._sql_done(),
            found=getattr(self, f"_find_{kind}")(),
            kind=kind,
            uid=self.env.uid,
            now=now,
        )

    # ------------------------------------------------------------
    # What all kinds look at
    # ------------------------------------------------------------

    @api.model
    def _sql_days(self, cards: list[int]) -> SQL:
        """The closed days of these cards, in UTC bounds; where late entries count for the next day, from the deadline
        before. Of two plans of one day the one that pays."""
        return SQL(
            """
            SELECT DISTINCT ON (c.employee_id, g.day)
                   c.id AS card_id, c.employee_id, c.user_id, c.team_id, c.company_id, g.day AS date, c.deadline,
                   COALESCE(carry.deadline, (g.day::timestamp AT TIME ZONE c.tz) AT TIME ZONE 'UTC') AS start,
                   ((g.day + 1)::timestamp AT TIME ZONE c.tz) AT TIME ZONE 'UTC' AS stop
              FROM discipline_scorecard c
              JOIN discipline_plan p ON p.id = c.plan_id
             CROSS JOIN LATERAL (SELECT c.date_from + n AS day FROM GENERATE_SERIES(0, c.date_to - c.date_from) n) g
              LEFT JOIN LATERAL (SELECT * FROM (%s) last WHERE c.period = 'day' AND p.late_policy = 'next_period'
                   ) carry ON TRUE
             WHERE c.id = ANY(%s)
               AND (c.period = 'day' OR NOT EXISTS (
                   SELECT FROM discipline_scorecard o
                    WHERE o.employee_id = c.employee_id AND o.period = 'day' AND o.date_from = g.day))
             ORDER BY c.employee_id, g.day, COALESCE(c.trial, FALSE), c.deadline DESC, c.id
            """,
            self.env["discipline.scorecard"]._sql_previous(),
            cards,
        )

    @api.model
    def _sql_rules(self, kind: str) -> SQL:
        """The rule of `kind` for each company that looks for it, with what the company says of texts."""
        return SQL(
            """
            SELECT * FROM (
                SELECT DISTINCT ON (co.id) co.id AS company_id, r.active, r.at_least, r.minutes, r.share, r.bare_share,
                       r.days, co.discipline_text_length AS length,
                       ARRAY(SELECT %(hash)s
                               FROM REGEXP_SPLIT_TO_TABLE(COALESCE(co.discipline_allowed_texts, ''), E'\\n') t(line)
                            ) AS allowed
                  FROM res_company co
                  JOIN discipline_signal_rule r ON r.kind = %(kind)s AND (r.company_id = co.id OR r.company_id IS NULL)
                 ORDER BY co.id, r.company_id NULLS LAST) each
             WHERE active
            """,
            kind=kind,
            hash=self.env["discipline.fact"]._sql_text_hash(SQL("t.line")),
        )

    @api.model
    def _sql_done(self) -> SQL:
        """The activities counted on these days; `bare`: without a result text of their own, which is none at all, or one
        that another of that day has as well and that is not allowed to repeat."""
        return SQL(
            """
            SELECT x.*, x.mute OR (x.text IS NOT NULL AND x.twins > 1 AND x.text <> ALL(x.allowed)) AS bare
              FROM (SELECT d.card_id, d.date, d.deadline, r.at_least, r.minutes, r.share, r.bare_share, r.days, r.allowed,
                           f.id AS fact_id, f.happened_at, f.activity_type_id, f.partner_id, f.res_model, f.res_id,
                           f.res_name, f.details->>'text' AS text, (f.details->>'age')::int4 AS age,
                           NOT (COALESCE(f.details, '{}') ? 'text')
                               OR COALESCE((f.details->>'chars')::int4 < r.length, FALSE) AS mute,
                           COUNT(*) OVER (PARTITION BY d.card_id, d.date, f.details->>'text') AS twins,
                           COUNT(*) OVER (PARTITION BY d.card_id, d.date) AS total
                      FROM day d
                      JOIN rule r ON r.company_id = d.company_id
                      JOIN discipline_fact f ON %s
                   ) x
            """,
            self._sql_counted(),
        )

    @api.model
    def _sql_counted(self) -> SQL:
        """That fact `f` is an activity that counted on day `d` and was not taken back by its deadline."""
        return SQL(
            """
            f.kind = 'activity_done' AND f.user_id = d.user_id AND f.company_id = d.company_id
                AND f.happened_at >= d.start AND f.happened_at < d.stop AND f.entered_at <= d.deadline
                AND f.quantity > 0 AND f.origin = 'live'
                AND NOT EXISTS (SELECT FROM discipline_fact b WHERE b.reverses_id = f.id AND b.entered_at <= d.deadline)
            """
        )

    @api.model
    def _sql_found(self, wanted: SQL, enough: SQL = SQL("TRUE")) -> SQL:  # noqa: B008
        """Days on which `at_least` of the activities are `wanted` and the group is `enough`."""
        return SQL(
            """
            SELECT card_id, date, COUNT(*) AS strength, JSONB_AGG(fact_id ORDER BY happened_at, fact_id) AS fact_ids,
                   NULL::jsonb AS line_ids,
                   JSONB_BUILD_OBJECT('n', COUNT(*), 'of', MAX(total), 'bare', COUNT(*) FILTER (WHERE bare)) AS numbers
              FROM done WHERE %s
             GROUP BY card_id, date HAVING COUNT(*) >= MAX(at_least) AND %s
            """,
            wanted,
            enough,
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

    def action_open_signals(self):
        """The signals of this card, with the reader's rights."""
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_discipline.discipline_signal_action")
        return {**action, "domain": [("scorecard_id", "in", self.ids)], "context": {}}

    @api.model
    def _get_steps(self, now: datetime) -> list:
        """After the cards: what in them looks like embellishment, also in those that an interrupted run has left."""
        steps = super()._get_steps(now)
        signals = self.env["discipline.signal"].sudo()
        if steps or signals._get_unchecked(now, limit=1):
            steps.append(partial(signals._find_step, now))
        return steps
