from datetime import date

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..tools.funnel import PERIODS, bounds, bounds_after, bounds_before
from ..tools.periods import DAY
from .discipline_funnel_report import MEASURES
from .page_date import parse_day

# steps of the funnel, with the conversion from the one before and what else is said of them
STEPS = {
    "calls": (None, ("calls_in", "calls_out")),
    "meetings": ("conversion_call_meeting", ("visits",)),
    "proposals": ("conversion_meeting_proposal", ("amount_proposed",)),
    "deals_won": ("conversion_proposal_won", ("amount_won", "deals_lost")),
}
COLUMNS = (
    "calls conversion_call_meeting meetings conversion_meeting_proposal proposals conversion_proposal_won"
    " deals_won amount_won conversion_call_won"
).split()
FILTERS = {"country_id": "=", "state_id": "=", "source_id": "=", "categ_id": "child_of"}


class DisciplineFunnelReport(models.Model):
    """The page Funnel: one dict of plain values, which the screen, the print and the workbook show alike."""

    _inherit = "discipline.funnel.report"

    @api.model
    @api.readonly
    def get_funnel_page(self, options=None) -> dict:
        """The funnel of the current company for somebody and some days, beside the period before.

        :param options: dict, all optional: `scope` (me, team, company), `team_id`, `period` (day, week, month, quarter,
            year, custom), `date` (a day of the period; the first of a custom one), `date_to` (the last of a custom one),
            and ids to filter by: `country_id`, `state_id`, `source_id`, `categ_id` (with the categories below)
        :return: `options` (complete), `scopes`, `shown` (its dates), `earlier` and `later` (those of the periods beside
            it), `title`, `dates`, `before`, `currency_id`, `company`, `is_empty`, `steps`, `overall`, `columns`, `groups`
            of people and `total`; counts are floats, conversions and changes in percent, None where there is no data
        :raise AccessError: for a scope that is not the user's to see
        :raise UserError: for options that mean nothing
        """
        today = fields.Date.context_today(self)
        scopes = self._get_scopes()
        options = self._check_options(options or {}, scopes, today)
        first, last = self._get_bounds(options)
        before = bounds_before(options["period"], first, last, today)
        groups = self._get_groups(options, first, last)
        total = self._add_up([row["values"] for group in groups for row in group["rows"]])
        past = self._get_past(options, *before)
        return {
            "options": options,
            "scopes": scopes,
            "shown": self._prepare_dates(first, last),
            "title": self._get_title(options["period"], first, last),
            "earlier": self._prepare_dates(*bounds_before(options["period"], first, last)),
            "later": self._prepare_dates(*bounds_after(options["period"], first, last)),
            "dates": self._get_dates(first, last),
            "before": self._get_dates(*before),
            "currency_id": self.env.company.currency_id.id,
            "company": self.env.company.name,
            "is_empty": not groups,
            "steps": self._get_steps(total, past),
            "overall": self._prepare_value("conversion_call_won", total, past),
            "columns": [self._prepare_column(name) for name in COLUMNS],
            "groups": groups,
            "total": total,
        }

    @api.model
    def get_rows_action(self, options, measure=None, user_id=None, team_id=None) -> dict:
        """The action that opens the rows which a number of the page counts: of a measure, a person (False: nobody's)
        and a team (False: of none); None for all."""
        options = self._check_options(options, self._get_scopes(), fields.Date.context_today(self))
        domain = self._get_page_domain(options, *self._get_bounds(options))
        if measure is not None:
            if not isinstance(measure, str) or measure not in MEASURES:
                raise UserError(self.env._("There are no rows of '%(name)s' to open.", name=measure))
            domain &= Domain(measure, "!=", 0)
        for name, value in (("user_id", user_id), ("team_id", team_id)):
            if value is not None:
                domain &= Domain(name, "=", self._check_id(name, value))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_discipline.discipline_funnel_report_action"
        )
        views = [(False, kind) for kind in ("list", "kanban", "pivot", "graph")]
        name = self._get_label(measure) if measure else self.env._("Funnel")
        return {
            **action,
            "name": name,
            "display_name": name,
            "domain": list(domain),
            "views": views,
            "context": {},
            "path": False,
        }

    # ------------------------------------------------------------
    # Options
    # ------------------------------------------------------------

    @api.model
    def _get_scopes(self) -> list[dict]:
        """What the user may look at: `[{"scope", "team_id", "label"}]`, the own funnel first."""
        scopes = [{"scope": "me", "team_id": False, "label": self.env._("My Funnel")}]
        user = self.env.user
        manager = user.has_group("sales_discipline.group_manager")
        if manager or user.has_group("sales_discipline.group_leader"):
            domain = Domain("company_id", "in", [False, self.env.company.id])
            if not manager:
                domain &= Domain("user_id", "=", user.id)
            teams = self.env["crm.team"].sudo().search_fetch(domain, ["name"], order="sequence, name, id")
            scopes += [{"scope": "team", "team_id": team.id, "label": team.name} for team in teams]
        if manager:
            scopes.append({"scope": "company", "team_id": False, "label": self.env.company.name})
        return scopes

    @api.model
    def _check_options(self, options: dict, scopes: list[dict], today: date) -> dict:
        """The options with what was left out: the widest scope that the user has, the month of `today`."""
        if not isinstance(options, dict):
            raise UserError(self.env._("The funnel wants its options as names and values."))
        scopes = [(scope["scope"], scope["team_id"]) for scope in scopes]
        scope = options.get("scope") or scopes[-1][0]
        first_team = next((team_id for name, team_id in scopes if name == "team"), False)
        team_id = (options.get("team_id") or first_team) if scope == "team" else False
        if (scope, team_id) not in scopes:
            raise AccessError(
                self.env._("You can look at your own funnel, and at those of the teams you lead.")
            )
        period = options.get("period") or "month"
        if period not in (*PERIODS, "custom"):
            raise UserError(self.env._("The period '%(name)s' is not known to the funnel.", name=period))
        day = self._check_date(options.get("date")) or today
        date_to = self._check_date(options.get("date_to")) or day
        if period == "custom" and date_to < day:
            raise UserError(self.env._("The last day cannot be before the first."))
        chosen = {name: self._check_id(name, options.get(name)) for name in FILTERS}
        day, date_to = fields.Date.to_string(day), fields.Date.to_string(date_to)
        return {
            "scope": scope,
            "team_id": team_id,
            "period": period,
            "date": day,
            "date_to": date_to,
            **chosen,
        }

    @api.model
    def _check_date(self, value) -> date | None:
        day = parse_day(value) if value else None
        if value and not day:
            raise UserError(self.env._("'%(value)s' is not a date of the funnel.", value=value))
        return day

    @api.model
    def _check_id(self, name: str, value) -> int | bool:
        if value and (not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**31):
            label = self._get_label(name)
            raise UserError(self.env._("Choose a record as the filter '%(field)s'.", field=label))
        return value or False

    @api.model
    def _get_bounds(self, options: dict) -> tuple[date, date]:
        first = fields.Date.to_date(options["date"])
        if options["period"] == "custom":
            return first, fields.Date.to_date(options["date_to"])
        return bounds(options["period"], first)

    @api.model
    def _prepare_dates(self, first: date, last: date) -> dict:
        return {"date": fields.Date.to_string(first), "date_to": fields.Date.to_string(last)}

    @api.model
    def _get_page_domain(self, options: dict, first: date, last: date) -> Domain:
        """The rows that the page counts. The moments around the days, wherever people work, are there for the index."""
        domain = Domain("company_id", "=", self.env.company.id)
        domain &= Domain("date", ">=", first) & Domain("date", "<=", last)
        around = [fields.Datetime.to_datetime(day) for day in (first - DAY, last + 2 * DAY)]
        domain &= Domain("happened_at", ">=", around[0]) & Domain("happened_at", "<=", around[1])
        if options["scope"] == "me":
            domain &= Domain("user_id", "=", self.env.uid)
        if options["scope"] == "team":
            domain &= Domain("team_id", "=", options["team_id"])
        for name, operator in FILTERS.items():
            if options[name]:
                domain &= Domain(name, operator, options[name])
        return domain
