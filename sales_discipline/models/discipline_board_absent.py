from datetime import date

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL


class DisciplineScorecard(models.Model):
    """Who is in a team and has no scorecard, and why: the team board leaves nobody out."""

    _inherit = "discipline.scorecard"

    def _get_board_absent(self, period: str, bounds: tuple, today: date, known: set[int]) -> list[dict]:
        """Those of the reader's teams without a card of that period, as dicts of the team board.

        :param known: ids of the employees who have one
        """
        people, teams = self._get_board_members()
        people = people.filtered(
            lambda employee: employee.id not in known and employee._get_discipline_start() <= bounds[1]
        )
        if not people:
            return []
        states = self._get_board_states(people, period, bounds, today, teams)
        names = self._get_board_team_names(teams)
        return [
            self._prepare_board_absent(employee, teams[employee.id][0], names, states[employee.id])
            for employee in people
        ]

    def _get_board_members(self) -> tuple:
        """Those who are in a team now: of all teams for managers, else of those the reader leads.

        :return: (hr.employee as superuser, what `_get_discipline_teams` says of them)
        """
        employees = self.env["hr.employee"].sudo()
        domain = Domain("company_id", "in", self.env.companies.ids) & Domain("user_id", "!=", False)
        if not self.env.user.has_group("sales_discipline.group_manager"):
            led = Domain("crm_team_id.user_id", "=", self.env.uid)
            members = self.env["crm.team.member"].sudo()._search(led)
            members = members.subselect(SQL.identifier("crm_team_member", "user_id"))
            domain &= Domain("user_id", "in", members) | Domain("user_id", "=", self.env.uid)
        employees = employees.search(domain, order="name, id")
        teams = employees._get_discipline_teams()
        return employees.filtered(lambda employee: employee.id in teams), teams

    def _get_board_team_names(self, teams: dict) -> dict[int, str]:
        """The names, by id, of the teams that `_get_discipline_teams` says people are in."""
        found = self.env["crm.team"].sudo().browse({team for team, _since in teams.values()})
        return {team.id: team.name for team in found}

    def _get_board_states(
        self, people, period: str, bounds: tuple, today: date, teams: dict
    ) -> dict[int, str]:
        """Why each of these employees has no card: future, none (no plan in force), absent or waiting."""
        if bounds[0] > today:
            return dict.fromkeys(people.ids, "future")
        domain = [
            ("state", "!=", "draft"),
            ("period", "=", period),
            ("company_id", "in", people.company_id.ids),
        ]
        plans = self.env["discipline.plan"].sudo().search(domain)
        in_force = plans._get_in_force(people, bounds[0], teams, joined_by=bounds[1])
        planned = people.filtered(lambda employee: employee.id in in_force)
        hours = planned._get_discipline_hours(*bounds)
        return {
            employee.id: "none" if employee not in planned else "waiting" if hours[employee.id] else "absent"
            for employee in people
        }

    def _prepare_board_absent(self, employee, team_id: int, names: dict, state: str) -> dict:
        """A person of the team board who has no card."""
        nothing = ("card_id", "plan_id", "points", "efficiency", "points_change", "efficiency_change")
        return {
            "id": employee.id,
            "name": employee.name,
            "user_id": employee.user_id.id,
            "team_id": team_id,
            "team": names.get(team_id) or "",
            "company_id": employee.company_id.id,
            "currency_id": employee.company_id.currency_id.id,
            **dict.fromkeys(nothing),
            **dict.fromkeys(("plan", "excused", "deadline"), ""),
            "trial": False,
            "state": state,
            "zone": "none",
            "done": 0,
            "count": 0,
            "cells": {},
        }
