from datetime import MAXYEAR, date, timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..tools.periods import DAY
from .page_date import YEARS, parse_day

SHOWN = 6  # rows of a section; the rest is a click away
HORIZON = timedelta(days=21)  # within which a working day is looked for


class DisciplineMorning(models.AbstractModel):
    """The page 'Morning': what leaders and managers look at when the day begins, each with what can be done about it.
    One call, and a number of SQL statements that does not grow with people."""

    _name = "discipline.morning"
    _description = "Manager's Morning"

    @api.model
    def _get_page(self, asked) -> dict:
        """See `discipline.scorecard.get_morning`."""
        if not self.env.user.has_group("sales_discipline.group_leader"):
            raise AccessError(self.env._("The page “Morning” is for leaders of teams and for managers."))
        self.env.flush_all()
        today = fields.Date.context_today(self)
        day = self._check_day(asked, today)
        since, after = self._get_days_around(day, today)
        members, employees = self._get_people()
        cards = self._get_cards(since, day)
        sections = [
            self._get_missed(cards),
            self._get_unreported(cards),
            self._get_late(cards),
            self._get_appeals(),
            self._get_signals(),
            self._get_spot_checks(),
            self._get_disputes(),
            self._get_unrealistic(day),
            self._get_unscored(members, employees, since, today),
            self._get_unread(),
            self._get_untargeted(members, day),
        ]
        return {
            "date": day,
            "is_today": day == today,
            "since": since,
            "until": day - DAY,
            "previous_date": since,
            "next_date": after,
            "is_manager": self._is_manager(),
            "summary": self._get_summary(cards),
            "sections": [section for section in sections if section],
        }

    def _check_day(self, asked, today: date) -> date:
        """The morning asked for. :raise UserError: for what is no date, or still to come"""
        day = parse_day(asked, (YEARS[0], MAXYEAR)) if asked else today
        if not day:
            raise UserError(
                self.env._("The page “Morning” was asked for a date that there is not: %s", asked)
            )
        if day > today:
            raise UserError(self.env._("That morning is still to come."))
        return day

    def _get_days_around(self, day: date, today: date) -> tuple[date, date | bool]:
        """The company's last working day before a morning, and the next one after it, up to today (or False)."""
        working = sorted(self.env.company._get_discipline_norm_days(day - HORIZON, day + HORIZON))
        before = [one for one in working if one < day]
        after = next((one for one in working if one > day), today)
        return before[-1] if before else day - DAY, min(after, today) if day < today else False

    @api.model
    def _is_manager(self) -> bool:
        return self.env.user.has_group("sales_discipline.group_manager")

    @api.model
    def _get_reach(self) -> Domain:
        """Whose records are on the page: the teams led, for managers all of the companies; never one's own."""
        reach = Domain("user_id", "!=", self.env.uid) & Domain("company_id", "in", self.env.companies.ids)
        return reach if self._is_manager() else reach & Domain("team_id.user_id", "=", self.env.uid)

    @api.model
    def _prepare_section(self, key: str, count: int, rows: list[dict], more=None, **values) -> dict:
        """One section as plain values.

        :param count: of all there are
        :param rows: the most important ones, see `_prepare_row`
        :param more: (xml id of an action, domain) that has all of them
        """
        more = {"action": f"sales_discipline.{more[0]}", "domain": list(more[1])} if more else False
        return {"key": key, "count": count, "rows": rows, "more": more, **values}

    @api.model
    def _prepare_row(self, model: str, res_id: int, text: str, actions: list[str], **values) -> dict:
        """One row: a record, what is to be said of it, and what can be done.

        :param actions: names that the page knows
        :param values: `person`, `user_id`, `partner_id` of whom it is about, `note` (a second line), `team`, `date`,
            `points`, `efficiency`, `zone`, `card_id`, and `lines`: indicators with id, name, unit, target and actual
        """
        row = dict.fromkeys(
            ("person", "user_id", "partner_id", "note", "team", "date", "zone", "card_id"), False
        )
        row.update(
            key=f"{model},{res_id},{text}", model=model, id=res_id, text=text, actions=actions, lines=[]
        )
        return {**row, **values}

    @api.model
    def _get_person(self, user, employee=None, team=None) -> dict:
        """What a row says of whom it is about."""
        user = user.sudo()
        return {
            "person": employee.sudo().name if employee else user.name,
            "user_id": user.id,
            "partner_id": user.partner_id.id,
            "team": team.sudo().name if team else False,
        }

    @api.model
    def _find(self, model: str, domain: Domain, order: str) -> tuple:
        """(how many there are, the first ones)"""
        records = self.env[model].search(domain, order=order, limit=SHOWN)
        return self.env[model].search_count(domain), records


class DisciplineScorecard(models.Model):
    _inherit = "discipline.scorecard"

    @api.model
    @api.readonly
    def get_morning(self, date=False) -> dict:
        """What the page 'Morning' shows: of the teams led, for managers of the companies they are in.

        :param date: ISO date of the morning; by default today where the reader is. It has the scorecards of the days
            from the company's last working day on, and what is open now
        :return: dict of `date`, `is_today`, `since` and `until` (the days it looks back on), `previous_date`, `next_date`
            (or False), `is_manager`, `summary` (see `_get_summary`) and `sections` (see `_prepare_section`)
        :raise AccessError: for people who lead nobody
        :raise UserError: for a date that there is not
        """
        return self.env["discipline.morning"]._get_page(date)
