from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools import time_study
from ..tools.time_study import KINDS, Person
from .readers import for_readers

LEAST = 3  # people whose mean cost is told to those who may not see each one's


class DisciplineTimeStudy(models.Model):
    """The result of a time study: the share of time that is not selling, what it costs, what people had thought, and how
    it was the last time. Of those people whom the reader may see."""

    _inherit = "discipline.time.study"

    @for_readers
    def action_open_result(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.client"]._for_xml_id("sales_discipline.discipline_time_result_action"),
            "params": {"study_id": self.id},
        }

    @api.model
    @api.readonly
    def get_time_result(self, study_id: int | bool = False) -> dict:
        """What the page 'Time Study Result' shows.

        :param study_id: the last that was started, of those that the reader may see, by default
        :return: dict of `study` (False if there is none), `studies` to choose from, `total` (None unless the reader sees
            everybody), `people`, `teams`, `departments` (see `_prepare_row`), `categories` (see `_prepare_categories`),
            `left_out` (people who entered too little), `previous` (name and date), `cost` (people | groups | none),
            `least` (people that a mean cost is told of)
        """
        begun = self.search([("state", "!=", "draft")])
        if study_id and (isinstance(study_id, bool) or not isinstance(study_id, int)):
            raise UserError(self.env._("There is no such time study."))
        study = begun.browse(study_id or begun[:1].id)
        if study_id and study not in begun:
            raise UserError(self.env._("There is no such time study that has begun, or you may not see it."))
        studies = [{"id": one.id, "name": one.name, "date_from": one.date_from} for one in begun]
        if not study:
            return {"study": False, "studies": studies}
        return {"studies": studies, **study._prepare_result()}

    def _prepare_result(self) -> dict:
        self.ensure_one()
        found = self._collect()
        previous = self._get_previous()
        before = previous._collect() if previous else None
        several = len(found["people"]) > 1
        total = self._prepare_row(False, "", found["counted"], found, found["people"])
        if before:
            self._add_previous(total, self._summarize(before["counted"], before).share)
        return {
            "study": self._prepare_study(),
            "total": total,
            "is_everybody": several and len(found["people"]) == len(self.sudo().participant_ids),
            "people": self._prepare_people(found, before),
            "teams": self._prepare_groups("team_id", found, before) if several else [],
            "departments": self._prepare_groups("department_id", found, before) if several else [],
            "categories": self._prepare_category_rows(found, before, total),
            "left_out": self._prepare_left_out(found),
            "previous": {"name": previous.name, "date": previous.date_from} if previous else False,
            "cost": self._get_cost_detail(),
            "least": LEAST,
        }

    def _prepare_study(self) -> dict:
        return {
            "id": self.id,
            "name": self.name,
            "state": self.state,
            "date_from": self.date_from,
            "date_to": self.date_to,
            "dates": f"{format_date(self.env, self.date_from)} – {format_date(self.env, self.date_to)}",
            "currency_id": self.currency_id.id,
            "limit": self.limit_percent,
            "ask_estimate": self.ask_estimate,
        }

    # ------------------------------------------------------------
    # What is counted
    # ------------------------------------------------------------

    def _collect(self) -> dict:
        """The people of a study whom the reader may see: `people`, those of them `counted` (the others have
        entered too little), `persons` by participant id, `categories` {participant id: {category id: minutes}}, `rates`
        by participant id."""
        self.ensure_one()
        people = self.env["discipline.time.participant"].search([("study_id", "=", self.id)])
        until = self._get_last_day()
        minutes, categories = people._get_minutes(until), people._get_category_minutes(until)
        persons = {
            one.id: Person(
                one.id,
                minutes.get(one.id, {}),
                one._get_planned(until),
                one.estimate if one.estimated_at else None,
            )
            for one in people.sudo()
        }
        counted = people.filtered(lambda one: time_study.is_enough(persons[one.id], self.limit_percent))
        return {
            "people": people,
            "persons": persons,
            "counted": counted,
            "categories": categories,
            "rates": self.sudo()._get_hour_costs(people),
        }

    def _get_last_day(self) -> date:
        """What was scheduled and entered up to this day counts: of a study that runs, up to yesterday."""
        if self.state == "closed":
            return self.date_to
        yesterday = fields.Date.subtract(fields.Date.context_today(self), days=1)
        return min(self.date_to, yesterday)

    def _get_previous(self):
        """The last closed study of the company before this one, of those that the reader may see."""
        return self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "=", "closed"),
                ("date_to", "<", self.date_from),
            ],
            order="date_from desc, id desc",
            limit=1,
        )

    @api.model
    def _group(self, people, name: str) -> dict:
        """`{id of the team or department, or False: participants}`"""
        return {found.id: members for found, members in people.sudo().grouped(name).items()}

    # ------------------------------------------------------------
    # What it costs
    # ------------------------------------------------------------

    def _get_hour_costs(self, participants) -> dict[int, float | None]:
        """What an hour of each costs: the study's amount; None if that is not told."""
        self.ensure_one()
        known = self.cost_source == "fixed" and self.hourly_cost
        return {one.id: self.hourly_cost if known else None for one in participants}

    def _is_cost_private(self) -> bool:
        """Whether what an hour of somebody costs is theirs and payroll's alone."""
        return False

    def _sees_wages(self) -> bool:
        return False

    def _get_cost_detail(self) -> str:
        """Of whom the reader is told what the time costs: people | groups | none."""
        if self.cost_source == "none":
            return "none"
        return "groups" if self._is_cost_private() and not self._sees_wages() else "people"

    def _get_rate(self, people, found: dict) -> float | None:
        """The mean of what an hour of these people costs, or None where that would tell of one of them."""
        if self._get_cost_detail() == "groups" and len(people) < LEAST:
            return None
        return time_study.mean_rate([found["rates"].get(one.id) for one in people])

    # ------------------------------------------------------------
    # Rows
    # ------------------------------------------------------------

    @api.model
    def _summarize(self, people, found: dict) -> time_study.Summary:
        return time_study.summarize([found["persons"][one.id] for one in people])

    def _prepare_people(self, found: dict, before: dict | None) -> list[dict]:
        past = before["counted"].sudo().grouped("employee_id") if before else {}
        rows = []
        for one in found["counted"].sudo():
            row = self._prepare_row(one.id, one.employee_id.name, one, found, one)
            row.update(team_id=one.team_id.id, team=one.team_id.name or "")
            if one.employee_id in past:
                self._add_previous(row, self._summarize(past[one.employee_id], before).share)
            rows.append(row)
        return sorted(rows, key=lambda row: (-(row["share"] or 0), row["name"]))

    def _prepare_groups(self, name: str, found: dict, before: dict | None) -> list[dict]:
        """A row for each team or department, the one with the largest share first. What is private is told by teams
        alone: two ways to group would tell more than each does."""
        groups, members = self._group(found["counted"], name), self._group(found["people"], name)
        past = self._group(before["counted"], name) if before else {}
        hidden = set()
        if self._get_cost_detail() == "groups":
            sizes = {key: len(people) for key, people in members.items()}
            hidden = time_study.hidden_groups(sizes, LEAST) if name == "team_id" else set(sizes)
        rows = []
        for key, people in groups.items():
            label = people[0][name].display_name if key else self.env._("None")
            told = people.browse() if key in hidden else members[key]
            row = self._prepare_row(key, label, people, found, told)
            if key in past:
                self._add_previous(row, self._summarize(past[key], before).share)
            rows.append(row)
        return sorted(rows, key=lambda row: (-(row["share"] or 0), row["name"]))

    def _prepare_row(self, key, name: str, people, found: dict, paid) -> dict:
        """What some people's time went into. The cost is that of the time that was not selling, at the mean of what an
        hour of `paid` costs: what one of them earns cannot be worked out from it."""
        summary = self._summarize(people, found)
        cost = time_study.money(summary.idle, self._get_rate(paid, found))
        return {
            "id": key,
            "name": name,
            "people": summary.people,
            "planned": summary.planned,
            "minutes": summary.total,
            "idle": summary.idle,
            **{kind: summary.minutes[kind] for kind in KINDS},
            "widths": {
                kind: time_study.percent(summary.minutes[kind], summary.total) or 0.0 for kind in KINDS
            },
            "share": summary.share,
            "coverage": summary.coverage,
            "estimate": summary.estimate,
            "gap": summary.gap,
            "cost": None if cost is None else self.currency_id.round(cost),
            "previous": None,
            "change": None,
        }

    @api.model
    def _add_previous(self, row: dict, share: float | None) -> None:
        """The share of the study before, and by how many points it has changed."""
        row["previous"] = share
        row["change"] = None if None in (share, row["share"]) else row["share"] - share

    def _prepare_category_rows(self, found: dict, before: dict | None, total: dict) -> list[dict]:
        """What the time of all went into, by category: minutes, their share of all, the cost, the share before."""
        minutes = self._sum_categories(found)
        past = self._sum_categories(before) if before else {}
        rate = self._get_rate(found["people"], found)
        categories = self.env["discipline.time.category"].sudo().with_context(active_test=False)
        rows = []
        for category in categories.browse(minutes).sorted():
            spent = minutes[category.id]
            cost = time_study.money(spent, rate)
            row = {
                "id": category.id,
                "name": category.name,
                "kind": category.kind,
                "icon": category.icon,
                "color": category.color,
                "minutes": spent,
                "share": time_study.percent(spent, total["minutes"]),
                "cost": None if cost is None else self.currency_id.round(cost),
                "previous": None,
                "change": None,
            }
            if past:
                self._add_previous(row, time_study.percent(past.get(category.id, 0), sum(past.values())))
            rows.append(row)
        return rows

    @api.model
    def _sum_categories(self, found: dict) -> dict[int, int]:
        """Minutes by category id of those who are counted."""
        result = {}
        for one in found["counted"]:
            for category_id, minutes in found["categories"].get(one.id, {}).items():
                result[category_id] = result.get(category_id, 0) + minutes
        return result

    def _prepare_left_out(self, found: dict) -> list[dict]:
        """Who has entered too little to be counted, of those who had something to enter."""
        rows = []
        for one in (found["people"] - found["counted"]).sudo():
            summary = self._summarize(one, found)
            if summary.planned or summary.total:
                names = {"name": one.employee_id.name, "team": one.team_id.name or ""}
                rows.append({"id": one.id, **names, "minutes": summary.total, "coverage": summary.coverage})
        return sorted(rows, key=lambda row: row["name"])


class DisciplineTimeParticipant(models.Model):
    _inherit = "discipline.time.participant"

    def _get_category_minutes(self, until: date) -> dict[int, dict[int, int]]:
        """`{participant id: {category id: minutes}}` of the days up to that one."""
        rows = (
            self.env["discipline.time.entry"]
            .sudo()
            ._read_group(
                [("participant_id", "in", self.ids), ("minutes", ">", 0), ("date", "<=", until)],
                ["participant_id", "category_id"],
                ["minutes:sum"],
            )
        )
        result = {}
        for one, category, minutes in rows:
            result.setdefault(one.id, {})[category.id] = minutes
        return result
