from collections import defaultdict
from datetime import date, datetime

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import board, scoring
from ..tools.periods import DAY, local_date, period_bounds
from .discipline_board_total import ALL


class DisciplineScorecard(models.Model):
    """The heat map of the team board: everybody's days of one month."""

    _inherit = "discipline.scorecard"

    @api.model
    @api.readonly
    def get_team_heat_map(self, date=False) -> dict:
        """The daily scorecards of a month: leaders see the teams they lead, managers those of their companies. Open ones
        are measured now, and nothing is stored.

        :param date: ISO date; by default the last month that has begun and has cards
        :return: dict of `date_from`, `date_to`, `today`, `previous_date`, `next_date`, `last_date` (as of the board); `days`:
            dicts of `date` and `is_off` (nobody works); `teams`; `people`, by name: dicts of id, name, user_id, team_id,
            team, `points`, `efficiency` (the mean), `zone`, `cards` and `days` by date (see `_prepare_heat_day`); `totals`
            by team id and as 'all': the same of several `people`; `is_manager`, `empty`
        :raise AccessError: for who leads nobody
        """
        day = self._check_board("day", date)
        self.env.flush_all()
        now, today = fields.Datetime.now(), fields.Date.context_today(self)
        bounds = period_bounds(
            "month", day or self._get_board_dates("day", (today, today), today)["last_date"] or today
        )
        rows = self._get_heat_rows(bounds, now)
        people = self._get_heat_people(rows, bounds, today)
        days = [bounds[0] + number * DAY for number in range((bounds[1] - bounds[0]).days + 1)]
        free = ("off", "holiday")
        page = {
            "date_from": bounds[0],
            "date_to": bounds[1],
            "today": today,
            **self._get_board_dates("day", bounds, today),
            "days": [
                {"date": day, "is_off": all(one["days"][str(day)]["state"] in free for one in people)}
                for day in days
            ],
            "teams": self._get_board_teams(people),
            "people": people,
            "totals": self._get_heat_totals(people, rows),
            "is_manager": self.env.user.has_group("sales_discipline.group_manager"),
        }
        page["empty"] = "" if rows else self._get_board_empty(page)
        return page

    def _get_heat_rows(self, bounds: tuple, now: datetime) -> list[dict]:
        """The daily cards of the month, one a person and day: that which counts, else that on trial; each with the
        `rules` (thresholds) of its plan."""
        domain = [("period", "=", "day"), ("date_from", ">=", bounds[0]), ("date_from", "<=", bounds[1])]
        query = self._sql_page_people("day", SQL("c.id IN %s", self._search(domain).subselect()))
        rows = self._get_board_counting(self.env.execute_query_dict(query))
        self._get_board_lines([row for row in rows if row["state"] == "open"], now)
        rules = defaultdict(list)
        query = "SELECT plan_id, weight, green_from, yellow_from FROM discipline_plan_line WHERE plan_id = ANY(%s)"
        for plan_id, *rule in self.env.execute_query(SQL(query, list({row["plan_id"] for row in rows}))):
            rules[plan_id].append(rule)
        for row in rows:
            row["rules"] = rules[row["plan_id"]]
        return rows

    def _get_heat_people(self, rows: list[dict], bounds: tuple, today: date) -> list[dict]:
        """Everybody with a card in that month, or in a team now, each with all days of the month."""
        members, teams = self._get_board_members()
        cards = defaultdict(dict)
        for row in rows:
            cards[row["id"]][row["date_from"]] = row
        employees = (members | members.browse(cards)).with_prefetch()
        employees = employees.filtered(
            lambda one: one.id in cards or one._get_discipline_start() <= bounds[1]
        )
        schedule = employees._get_discipline_schedule(*bounds)
        holidays = self._get_heat_holidays(employees, bounds)
        names = self._get_board_team_names(teams)
        people = []
        for employee in employees:
            mine = cards[employee.id]
            last = mine[max(mine)] if mine else {}
            team_id = last.get("team_id") if mine else teams[employee.id][0]
            person = {
                "id": employee.id,
                "name": employee.name,
                "user_id": employee.user_id.id,
                "team_id": team_id,
            }
            person["team"] = last.get("team") if mine else names[team_id]
            person["days"] = {}
            day = bounds[0]
            while day <= bounds[1]:
                found = self._prepare_heat_day(mine[day]) if day in mine else None
                away = day in holidays[employee.company_id.id]
                person["days"][str(day)] = found or {
                    "state": self._get_heat_state(schedule[employee.id].get(day), away, day > today)
                }
                day += DAY
            people.append({**person, **self._sum_up_heat(list(mine.values()))})
        return sorted(people, key=lambda person: (person["name"], person["id"]))

    @api.model
    def _get_heat_state(self, hours: tuple | None, is_holiday: bool, is_future: bool) -> str:
        """Why there is no card on a day: holiday, off (no hours by schedule), leave, future, or none (no plan)."""
        if not hours:
            return "holiday" if is_holiday else "off"
        if not hours[0]:
            return "leave"
        return "future" if is_future else "none"

    def _get_heat_holidays(self, employees, bounds: tuple) -> dict[int, set]:
        """The days that are public holidays, by company id."""
        found = defaultdict(set)
        for company, leaves in employees._get_discipline_leaves(*bounds)[1].items():
            zone = company._get_discipline_tz()
            for leave in leaves:
                day, last = local_date(leave.date_from, zone), local_date(leave.date_to, zone)
                while day <= min(last, bounds[1]):
                    found[company.id].add(day)
                    day += DAY
        return found

    @api.model
    def _prepare_heat_day(self, row: dict) -> dict:
        """A day of somebody with a card: `state` open, frozen or excused, `points`, `efficiency`, `zone`, `plan_id`."""
        return {
            "state": "excused" if row["excused"] else row["state"],
            **{name: row[name] for name in ("points", "efficiency", "plan_id")},
            "zone": scoring.overall_zone(row["efficiency"], row["rules"]),
        }

    @api.model
    def _sum_up_heat(self, rows: list[dict]) -> dict:
        """`points`, `efficiency` (the mean) and `zone` of several cards, and how many `cards` they are."""
        rows = [row for row in rows if not row["excused"]]
        efficiency = board.mean(row["efficiency"] for row in rows)
        rules = [rule for row in rows for rule in row["rules"]]
        return {
            "points": board.add_up(row["points"] for row in rows),
            "efficiency": efficiency,
            "zone": scoring.overall_zone(efficiency, rules),
            "cards": len(rows),
        }

    def _get_heat_totals(self, people: list[dict], rows: list[dict]) -> dict:
        """By team id and of all as 'all': `people`, the sum of everything, and of each day in `days`."""
        groups = {ALL: defaultdict(list)} | {person["team_id"] or 0: defaultdict(list) for person in people}
        for row in rows:
            for key in (ALL, row["team_id"] or 0):
                groups.setdefault(key, defaultdict(list))[str(row["date_from"])].append(row)
        return {
            key: {
                "people": sum(1 for person in people if key in (ALL, person["team_id"] or 0)),
                **self._sum_up_heat([row for found in days.values() for row in found]),
                "days": {day: self._sum_up_heat(found) for day, found in days.items()},
            }
            for key, days in groups.items()
        }
