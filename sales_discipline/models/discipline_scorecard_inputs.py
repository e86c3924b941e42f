from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ..tools import scoring
from ..tools.periods import utc_bounds
from ..tools.windows import Window


class Before(NamedTuple):
    """What the card before a card says about its windows."""

    since: date  # the first day of that card
    tz: str
    deadline: datetime
    is_carried: bool  # late entries of it count for the card
    stop: datetime | None  # when it ended, if the person works in another time zone by now


class DisciplineScorecard(models.Model):
    """What scoring asks for: whose facts of which time, and which targets."""

    _inherit = "discipline.scorecard"

    def _prepare_windows(self, scope: str, before: dict | None = None) -> list[Window]:
        """What the engine is asked for these cards; the late entries of the period before too if the plan has
        them count for the next one. For who moved to another time zone overnight a period begins when the one before
        ended, so that no hour counts twice, and none for nothing.

        :param before: what `_get_before` returns, if the caller has it already
        """
        people = self._get_scope_logins(scope)
        before = self._get_before() if before is None else before
        windows = []
        for card in self:
            start, stop = utc_bounds(card.date_from, card.date_to, card.tz)
            last = before.get(card.id)
            start = last and last.stop or start
            window = Window(
                key=card.id,
                user_ids=people[card.id][0],
                start=start,
                stop=stop,
                entered_by=card.deadline,
                first_day=card.date_from,
                last_day=card.date_to,
                company_id=card.company_id.id,
                held=people[card.id][1],
            )
            windows.append(window)
            if last and last.is_carried:
                windows.append(
                    replace(
                        window,
                        start=utc_bounds(last.since, last.since, last.tz)[0],
                        stop=start,
                        first_day=last.since,
                        last_day=card.date_from,
                        entered_after=last.deadline,
                    )
                )
        return windows

    def _get_scope_users(self, scope: str) -> dict[int, tuple[int, ...]]:
        """By card id: the users of the person, or of all members of the teams that the person leads."""
        return {card_id: users for card_id, (users, _held) in self._get_scope_logins(scope).items()}

    def _get_scope_logins(self, scope: str) -> dict[int, tuple[tuple, tuple]]:
        """By card id: the users of `_get_scope_users`, and those of them who are meant for a time only, as `Window.held`
        wants them: for somebody has got another user, or one that had been somebody else's."""
        members = self._get_members_led(self.user_id) if scope == "team" else {}
        users = {card.id: members.get(card.user_id.id, tuple(card.user_id.ids)) for card in self}
        employees = self.env["hr.employee"]
        if not employees._has_discipline_logins():
            return {card_id: (ids, ()) for card_id, ids in users.items()}
        if scope == "own":
            logins = self.employee_id._get_discipline_logins()
            return {card.id: _get_users_held(users[card.id], logins[card.employee_id.id]) for card in self}
        everybody = list({user_id for ids in users.values() for user_id in ids})
        logins = employees._find_discipline_logins(SQL("e.user_id = ANY(%s)", everybody))
        by_user = {(found[-1].user_id, found[-1].company_id): found for found in logins.values()}
        return {
            card.id: _get_users_held(
                users[card.id],
                [
                    login
                    for user_id in users[card.id]
                    for login in by_user.get((user_id, card.company_id.id), ())
                ],
            )
            for card in self
        }

    @api.model
    def _get_members_led(self, leaders) -> dict[int, tuple[int, ...]]:
        """By id of those of these users who lead a team: ids of the members of all teams that they lead."""
        domain = [("crm_team_id.user_id", "in", leaders.ids), ("crm_team_id.active", "=", True)]
        found = self.env["crm.team.member"].sudo()
        found = found._read_group(domain, ["crm_team_id.user_id"], ["user_id:array_agg_distinct"])
        return {leader.id: tuple(sorted(users)) for leader, users in found}

    def _get_before(self) -> dict[int, Before]:
        """By id of those of these cards that are not measured for themselves: whose plan counts late entries for the next
        period, or whose person worked in another time zone until the day before."""
        self.env["discipline.plan"].flush_model(["late_policy"])
        query = SQL(
            """
            SELECT c.id, p.date_from, p.date_to, p.tz, p.deadline, r.late_policy = 'next_period',
                   p.tz <> c.tz AND p.date_to + 1 = c.date_from
              FROM discipline_scorecard c
              JOIN discipline_plan r ON r.id = c.plan_id
              JOIN LATERAL (%s) p ON TRUE
             WHERE c.id = ANY(%s) AND (r.late_policy = 'next_period' OR p.tz <> c.tz)
            """,
            self._sql_previous(),
            self.ids,
        )
        return {
            card_id: Before(first, tz, deadline, carried, utc_bounds(last, last, tz)[1] if moved else None)
            for card_id, first, last, tz, deadline, carried, moved in self.env.execute_query(query)
        }

    @api.model
    def _sql_previous(self, excused: bool = True) -> SQL:
        """The card before card `c`: of the same person and kind of period, trial or not.

        :param excused: whether it may be one that was excused
        """
        return SQL(
            "SELECT b.id, b.date_from, b.date_to, b.tz, b.deadline FROM discipline_scorecard b"
            " WHERE b.employee_id = c.employee_id AND b.period = c.period AND b.trial IS NOT DISTINCT FROM c.trial"
            " AND b.date_from < c.date_from%s ORDER BY b.date_from DESC LIMIT 1",
            SQL() if excused else SQL(" AND b.excused IS NOT TRUE"),
        )

    def _get_personal_targets(self) -> dict:
        """Targets of people and teams that may be in force for these cards (`discipline.target._get_index`)."""
        days = self.mapped("date_from")
        return self.env["discipline.target"]._get_index(
            self.plan_id.line_ids.metric_id.ids, self.company_id.ids, min(days), max(days)
        )

    def _get_target_inputs(self) -> tuple:
        """What `_resolve_target` asks for of this card, whatever the indicator."""
        hours = (self.hours, self.scheduled_hours, self.norm_hours)
        key = (self.company_id.id, self.period)
        return key, self.date_from, self.employee_id.id, self.team_id.id, hours

    @api.model
    def _resolve_target(self, indicator, personal, key, day, employee_id, team_id, hours) -> tuple:
        """The one rule for whose target counts: the person's own beats the team's, which beats the plan line's.

        A personal one is prorated by the person's own schedule, for it was given with that in mind; any other by
        full-time hours.

        :param personal: what `discipline.target._get_index` returns
        :param key: (company id, period)
        :param day: the first of the period
        :param hours: (worked, by schedule without own leave, full time) of the period
        :return: (target for this person and period, target as it was given)
        """
        given = whose = None
        if personal:
            owners = [("employee", employee_id)] if indicator.scope == "own" else []
            given, whose = self.env["discipline.target"]._find_amount(
                personal, (indicator.metric_id, *key, indicator.scope), day, [*owners, ("team", team_id)]
            )
        given = indicator.target if whose is None else given
        worked, scheduled, norm = hours
        norm = scheduled if whose == "employee" else norm
        amount = scoring.prorate(given, worked, norm, indicator.is_whole) if indicator.is_prorated else given
        return amount, given


def _get_users_held(users, logins) -> tuple[tuple, tuple]:
    """Ids of these users and of those of these `Login`s, in order, and when each is meant who is not always."""
    known = {login.user_id for login in logins}
    if known.isdisjoint(users):
        return tuple(users), ()  # nobody has written down whose they were
    held = tuple(login[:3] for login in logins if login.since or login.until)
    return tuple(sorted(known.union(users))), held
