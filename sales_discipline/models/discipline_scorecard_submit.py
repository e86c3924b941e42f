import math
from datetime import datetime

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_datetime

from .discipline_evidence import ENGINE
from .sql_rows import sql_rows

MOST = 1e12  # nobody has done more than that


class DisciplineScorecard(models.Model):
    """Handing in the report: the person states a number for each indicator that is theirs alone, until the deadline."""

    _inherit = "discipline.scorecard"

    @api.model
    def submit_report(self, card_id, values, comment="") -> dict:
        """Hand in the report on one's own open scorecard until its deadline (the server's clock), or correct it where
        what was measured is shown anyway.

        :param values: `{id of the line: number}`, a number for each line of `_get_report_lines`
        :return: the scorecard as `get_report_page` shows it, with what has been measured by now
        :raise AccessError: for a scorecard that is not one's own
        :raise UserError: if it asks for no report, after the deadline, or for numbers that are none; nothing is stored
        """
        self.check_access("read")
        now = fields.Datetime.now()
        card = self._get_own_card(card_id)
        card._check_reportable(now)
        numbers = card._check_claims(values)
        if not isinstance(comment, str) or len(comment) > 5000:
            raise UserError(self.env._("The comment of a report is a text of up to 5,000 characters."))
        card._store_report(numbers, comment.strip(), now)
        card._measure_and_store(now, freeze=False)
        if not card.exists():
            raise UserError(self.env._("You do not work on that day any more: it has no scorecard."))
        return card.with_env(self.env)._get_report_cards(now)[0]

    def _get_own_card(self, card_id):
        """That scorecard as superuser, locked, for own ones are hidden from people while a report is due.

        :raise AccessError: if it is not of the person at work
        """
        is_id = isinstance(card_id, int) and not isinstance(card_id, bool) and 0 < card_id < 2**31
        card = self.sudo().browse(card_id if is_id else 0).exists()
        if not card or card.user_id != self.env.user or card.company_id not in self.env.companies:
            raise AccessError(self.env._("Everybody hands in the report on their own scorecard only."))
        self.env.cr.execute("SELECT FROM discipline_scorecard WHERE id = %s FOR UPDATE", [card.id])
        return card

    def _check_reportable(self, now: datetime) -> None:
        """:raise UserError: if this scorecard asks for no report, or no longer"""
        if not self.ask_report:
            raise UserError(self.env._("The plan of this scorecard asks for no report."))
        if self.state != "open" or now > self.deadline:
            raise UserError(
                self.env._(
                    "The report was due by %(deadline)s. It can no longer be handed in or changed.",
                    deadline=format_datetime(self.env, self.deadline, tz=self.tz, dt_format="short"),
                )
            )

        if self._is_report_final():
            raise UserError(
                self.env._(
                    "The report is handed in, and with that you see what was measured: it can no longer be changed. If"
                    " something is wrong, appeal once the scorecard is frozen."
                )
            )

    def _is_report_final(self) -> bool:
        """Whether the numbers stand: who may see the measured ones only afterwards could copy them otherwise."""
        self.ensure_one()
        return bool(self.submitted_at) and not self.company_id.discipline_show_measured

    def _get_report_lines(self):
        """The lines that the person knows the number of: what they did themselves and can add up; neither states nor
        ratios, nor what others say of them, nor the report itself."""
        return self.line_ids.filtered(
            lambda line: (
                line.scope == "own"
                and line.metric_id._is_flow()
                and line.metric_id.fact_kind != "report_submitted"
            )
        )

    def _check_claims(self, values) -> dict:
        """`{line: number}` of what was stated, see `submit_report`."""
        try:
            stated = {int(key): value for key, value in values.items()}
        except (AttributeError, TypeError, ValueError):
            raise UserError(self.env._("The report has to be a number for each indicator.")) from None
        lines = self._get_report_lines()
        if not lines:
            raise UserError(self.env._("Nothing on this scorecard can be stated by oneself."))
        if not set(stated) <= set(lines.ids):
            raise UserError(self.env._("The report has a number for something that is not asked for."))
        return {line: line._check_claim(stated.get(line.id)) for line in lines}

    def _store_report(self, numbers: dict, comment: str, now: datetime) -> None:
        """Store what was stated; a correction is logged with the number before it."""
        lines = self.env["discipline.scorecard.line"]
        first = not self.submitted_at
        before = lines._get_claimed(self.line_ids.ids)
        rows = sql_rows(lines, ("id", "claimed"), [(line.id, number) for line, number in numbers.items()])
        self.env.cr.execute(
            SQL("UPDATE discipline_scorecard_line l SET claimed = v.claimed FROM %s WHERE l.id = v.id", rows)
        )
        lines.invalidate_model(["claimed", "claim", "claim_gap"])
        self.with_context(discipline_engine=ENGINE).write(
            {"report_comment": comment, **({"submitted_at": now} if first else {})}
        )
        if first:
            self._record_reports()
        else:
            self._log_correction({line: before.get(line.id) for line in numbers}, numbers)

    def _log_correction(self, before: dict, numbers: dict) -> None:
        """Say in the chatter which numbers of a report were changed after it was handed in."""
        changed = [
            self.env._(
                "%(metric)s: %(before)s → %(after)s",
                metric=line.metric_id.name,
                before="–" if before[line] is None else f"{before[line]:g}",
                after=f"{number:g}",
            )
            for line, number in numbers.items()
            if before[line] != number
        ]
        if changed:
            lines = Markup("").join(Markup("<li>%s</li>") % text for text in changed)
            self.message_post(
                body=Markup("<p>%s</p><ul>%s</ul>") % (self.env._("Report corrected"), lines),
                author_id=self.env.user.partner_id.id,
            )


class DisciplineScorecardLine(models.Model):
    _inherit = "discipline.scorecard.line"

    def _check_claim(self, number) -> float:
        """:raise UserError: naming the indicator, for what is no number that could be true"""
        self.ensure_one()
        name = self.metric_id.with_env(self.env).name
        if number is None or number is False or number == "":
            raise UserError(
                self.env._("“%(metric)s” is empty: state a number, 0 if there was none.", metric=name)
            )
        is_number = isinstance(number, int | float) and not isinstance(number, bool)
        if not is_number or not math.isfinite(number) or abs(number) > MOST:
            raise UserError(self.env._("“%(metric)s” has to be a number.", metric=name))
        if number < 0 and self.metric_id.unit != "money":  # refunds take off
            raise UserError(self.env._("“%(metric)s” cannot be negative.", metric=name))
        return float(number)

    @api.model
    def _get_claimed(self, ids) -> dict[int, float]:
        """What was stated on those of these lines of which anything was, by id: a Float says zero for nothing."""
        self.flush_model(["claimed"])
        self.env.cr.execute(
            "SELECT id, claimed FROM discipline_scorecard_line WHERE id = ANY(%s) AND claimed IS NOT NULL",
            [list(ids)],
        )
        return dict(self.env.cr.fetchall())
