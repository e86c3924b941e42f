from datetime import date, datetime

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_datetime

from ..tools.periods import period_bounds
from .discipline_plan import PERIODS
from .page_date import parse_day


class DisciplineScorecard(models.Model):
    """The KPI page: all that is on it in one call and at most ten SQL statements, whatever it shows."""

    _inherit = "discipline.scorecard"

    @api.model
    @api.readonly
    def get_kpi_page(self, employee_id=False, period="month", date=False, plan_id=False) -> dict:
        """One person's scorecard of the period that `date` lies in, as plain values for the KPI page.

        An open card is measured now, and nothing is stored. People see their own cards, leaders those of their
        teams, managers those of their companies.

        :param employee_id: whose; by default one's own, or the first of those one may see
        :param period: day, week or month
        :param date: ISO date; by default the last period that has begun and has a card
        :param plan_id: which card, if the person has one on trial beside the one that counts
        :return: dict of `person`, `people` (to choose from), `period`, `date_from`, `date_to`, dates of the cards
            before and after, `periods` that the person has cards of, `card` (False without one), `plans`, `lines`
            (see `_get_page_lines`), `history` and `empty` (why there is no card, in words)
        :raise AccessError: for a person whose cards are not the reader's to see
        """
        self.check_access("read")
        self.env.flush_all()
        now = fields.Datetime.now()
        today = fields.Date.context_today(self)
        day = self._check_page_arguments(employee_id, period, date)
        rows = self._get_page_people(period, day, employee_id, today)
        person = self._choose_person(rows, employee_id)
        mine = [row for row in rows if person and row["id"] == person["id"] and row["card_id"]]
        row = next((row for row in mine if row["plan_id"] == plan_id), mine[0] if mine else None)
        if person and not row:
            self._check_person(person)
        bounds = (row["date_from"], row["date_to"]) if row else period_bounds(period, day or today)
        page = {
            "person": person and {name: person[name] for name in ("id", "name", "user_id", "team", "is_me")},
            "people": self._get_choices(rows),
            "period": period,
            "today": today,
            "date_from": bounds[0],
            "date_to": bounds[1],
            "plans": [{"id": one["plan_id"], "name": one["plan"], "trial": one["trial"]} for one in mine],
            "card": False,
            "lines": [],
            "empty": "",
        }
        page.update(self._get_page_history(person, period, bounds, row))
        if row:
            page.update(self.browse(row["card_id"])._get_page_card(row, page["history"], now))
        else:
            page["empty"] = self._get_page_empty(page)
        return page

    def _check_page_arguments(self, employee_id, period, day) -> date | None:
        """The day asked for. :raise UserError: for what is no person, period or date"""
        if employee_id is True or not isinstance(employee_id, int) or not 0 <= employee_id < 2**31:
            raise UserError(self.env._("The person of the KPI page has to be given as a number."))
        if not isinstance(period, str) or period not in dict(PERIODS):
            raise UserError(self.env._("The KPI page shows a day, a week or a month."))
        found = parse_day(day) if day else None
        if day and not found:
            raise UserError(self.env._("The KPI page was asked for a date that there is not: %s", day))
        return found

    def _get_page_people(self, period: str, day: date | None, employee_id, today: date) -> list[dict]:
        """A row for each card of that period that the reader may see, those that count first, and one for the
        reader and the person asked for even without a card. Without a `day`, of the last period by `today` that has
        any, of the person asked for if there is one."""
        domain = [("period", "=", period)]
        if day:
            first = SQL("%s", period_bounds(period, day)[0])
        else:
            begun = domain + [("date_from", "<=", today)]
            begun += [("employee_id", "=", employee_id)] if employee_id else []
            last = self._search(begun, order="date_from DESC", limit=1)
            first = last.subselect(SQL.identifier(self._table, "date_from"))
        cards = SQL("c.date_from = %s AND c.id IN %s", first, self._search(domain).subselect())
        return self.env.execute_query_dict(self._sql_page_people(period, cards, employee_id))

    def _sql_page_people(self, period: str, cards: SQL, employee_id=False) -> SQL:
        """Those of `cards` (a condition on `c`) of that kind of period, each with its person; the reader and the person
        asked for without a card too."""
        return SQL(
            """
            SELECT e.id, e.name, e.user_id, e.company_id, e.user_id = %(uid)s AS is_me, %(team)s AS team,
                   c.team_id, t.user_id = %(uid)s AS is_led, c.id AS card_id, c.plan_id, %(plan)s AS plan,
                   p.completion_cap, c.trial, c.state, c.date_from, c.date_to, c.deadline, p.deadline_hour, c.frozen_at,
                   c.tz, c.hours, c.day_hours, c.efficiency, c.points, c.done_count, c.line_count, c.excused, c.excuse_reason,
                   co.currency_id
              FROM hr_employee e
              LEFT JOIN discipline_scorecard c ON c.employee_id = e.id AND c.period = %(period)s AND %(cards)s
              LEFT JOIN discipline_plan p ON p.id = c.plan_id
              LEFT JOIN crm_team t ON t.id = c.team_id
              LEFT JOIN res_company co ON co.id = c.company_id
             WHERE c.id IS NOT NULL OR e.id = %(chosen)s OR (e.user_id = %(uid)s AND e.company_id = %(company)s)
             ORDER BY e.name, e.id, c.trial, c.id
            """,
            uid=self.env.uid,
            period=period,
            cards=cards,
            chosen=employee_id or 0,
            company=self.env.company.id,
            team=self.env["crm.team"].sudo()._field_to_sql("t", "name"),
            plan=self.env["discipline.plan"].sudo()._field_to_sql("p", "name"),
        )

    def _choose_person(self, rows: list[dict], employee_id) -> dict | bool:
        """Whose card is shown: the person asked for, else the reader if there is a card of theirs, else the first
        with one. :raise AccessError: for an employee that there is not"""
        if employee_id:
            found = next((row for row in rows if row["id"] == employee_id), None)
            if not found:
                raise self._page_refusal()
            return found
        own = [row for row in rows if row["is_me"]]
        with_card = [row for row in rows if row["card_id"]]
        return next(iter([row for row in own if row["card_id"]] + with_card + own), False)

    def _check_person(self, person: dict) -> None:
        """:raise AccessError: unless the cards of this person (a row without one) would be the reader's to see"""
        everybody = self.env.user.has_groups("sales_discipline.group_manager,sales_discipline.group_payroll")
        if person["is_me"] or everybody and person["company_id"] in self.env.companies.ids:
            return
        led = [("user_id", "=", person["user_id"]), ("crm_team_id.user_id", "=", self.env.uid)]
        is_leader = self.env.user.has_group("sales_discipline.group_leader")
        if is_leader and self.env["crm.team.member"].sudo().search_count(led, limit=1):
            return
        if not self.search_count([("employee_id", "=", person["id"])], limit=1):
            raise self._page_refusal()

    def _page_refusal(self) -> AccessError:
        return AccessError(
            self.env._(
                "The KPI page shows your own scorecards and those of the teams you lead, nobody else's."
            )
        )

    @api.model
    def _get_choices(self, rows: list[dict]) -> list[dict]:
        """The people to choose from, each with the efficiency of the card that counts."""
        choices = {}
        for row in rows:
            choice = {name: row[name] for name in ("id", "name", "team", "efficiency")}
            choices.setdefault(row["id"], choice)
        return list(choices.values())

    def _get_page_history(self, person, period: str, bounds: tuple, row) -> dict:
        """The periods before the one shown, up to eleven, the oldest first, and where to go from here.

        :return: `history`: dicts of date_from, date_to, efficiency and `lines`: `{"metric id,scope": [target, fact,
            zone]}`; `previous_date`, `next_date`, `last_date`: first days of cards, or False; `periods`
        """
        if not person:
            return dict.fromkeys(("previous_date", "next_date", "last_date"), False) | {
                "history": [],
                "periods": [],
            }
        query = SQL(
            """
            WITH own AS (SELECT c.id, c.period, c.trial, c.date_from, c.date_to, c.efficiency, c.excused
                           FROM discipline_scorecard c WHERE c.id IN %(seen)s),
                 h AS (SELECT * FROM own WHERE period = %(period)s AND trial IS NOT DISTINCT FROM %(trial)s
                          AND date_from < %(first)s AND excused IS NOT TRUE ORDER BY date_from DESC LIMIT 11)
            SELECT (SELECT MAX(date_from) FROM own WHERE period = %(period)s AND date_from < %(first)s),
                   (SELECT MIN(date_from) FROM own WHERE period = %(period)s AND date_from > %(last)s),
                   (SELECT MAX(date_from) FROM own WHERE period = %(period)s), ARRAY(SELECT DISTINCT period FROM own),
                   (SELECT json_agg(json_build_object('date_from', h.date_from, 'date_to', h.date_to, 'efficiency',
                           h.efficiency, 'lines', (
                               SELECT json_object_agg(l.metric_id || ',' || l.scope, json_build_array(
                                      l.target, l.actual + COALESCE(l.adjustment, 0), l.zone))
                                 FROM discipline_scorecard_line l WHERE l.scorecard_id = h.id)) ORDER BY h.date_from)
                      FROM h)
            """,
            seen=self._search([("employee_id", "=", person["id"])]).subselect(),
            period=period,
            trial=row and row["trial"],
            first=bounds[0],
            last=bounds[1],
        )
        [(before, after, last, periods, history)] = self.env.execute_query(query)
        return {
            "previous_date": before or False,
            "next_date": after or False,
            "last_date": last or False,
            "periods": [key for key in dict(PERIODS) if key in periods],
            "history": history or [] if row else [],
        }

    def _get_page_empty(self, page: dict) -> str:
        """Why there is nothing to show, and what to do."""
        if not page["person"]:
            return self.env._(
                "Nobody has a scorecard for this period. They are opened by themselves once a plan is active:"
                " see Configuration > Discipline > Plans."
            )
        name = page["person"]["name"]
        if page["date_from"] > page["today"]:
            return self.env._("This period has not begun yet: its scorecard opens on its first day.")
        if page["period"] in page["periods"]:
            return self.env._(
                "%s has no scorecard for this period: there is one for each period in which a plan is in force and"
                " the person works, holidays and leave excepted.",
                name,
            )
        if page["periods"]:
            return self.env._("No plan of this kind is in force for %s: choose another period above.", name)
        return self.env._("No plan is in force for %s: ask the head of sales for one.", name)

    def _get_page_moment(self, moment: datetime, tz: str) -> str:
        """A moment (UTC) where the person works."""
        return f"{format_datetime(self.env, moment, tz=tz, dt_format='short')} ({tz})"

    # ------------------------------------------------------------
    # From and to the other views
    # ------------------------------------------------------------

    def action_open_kpi_page(self):
        """This card on the KPI page."""
        self.ensure_one()
        self.check_access("read")
        card = self.sudo()
        action = self.env["ir.actions.client"]._for_xml_id("sales_discipline.discipline_kpi_action")
        params = {"employee_id": card.employee_id.id, "period": card.period, "plan_id": card.plan_id.id}
        return {**action, "params": {**params, "date": fields.Date.to_string(card.date_from)}}

    def web_read(self, specification):
        """The form of an open card shows what is true now, not what the scheduled action saw last."""
        cards = self
        if len(self) == 1 and "line_ids" in specification and self.has_access("read"):
            self.action_refresh()
            cards = self.exists()  # a card of somebody who turns out not to work is taken away
        return super(DisciplineScorecard, cards).web_read(specification)

    web_read._readonly = False  # Odoo's own only reads, and may be given a connection that cannot write
