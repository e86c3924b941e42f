from dataclasses import replace
from datetime import date, datetime
from operator import attrgetter
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ..tools import scoring
from ..tools.cards import Card
from ..tools.periods import utc_bounds
from ..tools.windows import Window
from .sql_rows import sql_rows


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

    def _get_plain(self) -> list[Card]:
        """These cards as plain values, each field read once."""
        names = Card._fields[1:]
        self.fetch(names)
        many2one = {name for name in names if self._fields[name].type == "many2one"}
        return [
            Card(card.id, *(card[name].id or None if name in many2one else card[name] for name in names))
            for card in self
        ]

    @api.model
    def _prepare_windows(self, cards: list[Card], scope: str, before: dict | None = None) -> list[Window]:
        """What the engine is asked for these cards; the late entries of the period before too if the plan has
        them count for the next one. For who moved to another time zone overnight a period begins when the one before
        ended, so that no hour counts twice, and none for nothing.

        :param before: what `_get_before` returns, if the caller has it already
        """
        if not cards:
            return []
        people = self._get_scope_logins(cards, scope)
        before = self._get_before(cards) if before is None else before
        windows = []
        for card in cards:
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
                company_id=card.company_id,
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

    @api.model
    def _get_scope_users(self, cards: list[Card], scope: str) -> dict[int, tuple[int, ...]]:
        """By card id: the users of the person, or of all members of the teams that the person leads."""
        return {card_id: users for card_id, (users, _held) in self._get_scope_logins(cards, scope).items()}

    @api.model
    def _get_scope_logins(self, cards: list[Card], scope: str) -> dict[int, tuple[tuple, tuple]]:
        """By card id: the users of `_get_scope_users`, and those of them who are meant for a time only, as `Window.held`
        wants them: for somebody has got another user, or one that had been somebody else's."""
        leaders = self.env["res.users"].sudo().browse({card.user_id for card in cards})
        members = self._get_members_led(leaders) if scope == "team" else {}
        users = {card.id: members.get(card.user_id, (card.user_id,)) for card in cards}
        employees = self.env["hr.employee"].sudo()
        if not employees._has_discipline_logins():
            return {card_id: (ids, ()) for card_id, ids in users.items()}
        if scope == "own":
            logins = employees.browse({card.employee_id for card in cards})._get_discipline_logins()
            return {card.id: _get_users_held(users[card.id], logins[card.employee_id]) for card in cards}
        everybody = list({user_id for ids in users.values() for user_id in ids})
        logins = employees._find_discipline_logins(SQL("e.user_id = ANY(%s)", everybody))
        by_user = {(found[-1].user_id, found[-1].company_id): found for found in logins.values()}
        return {
            card.id: _get_users_held(
                users[card.id],
                [
                    login
                    for user_id in users[card.id]
                    for login in by_user.get((user_id, card.company_id), ())
                ],
            )
            for card in cards
        }

    @api.model
    def _get_members_led(self, leaders) -> dict[int, tuple[int, ...]]:
        """By id of those of these users who lead a team: ids of the members of all teams that they lead."""
        domain = [("crm_team_id.user_id", "in", leaders.ids), ("crm_team_id.active", "=", True)]
        found = self.env["crm.team.member"].sudo()
        found = found._read_group(domain, ["crm_team_id.user_id"], ["user_id:array_agg_distinct"])
        return {leader.id: tuple(sorted(users)) for leader, users in found}

    @api.model
    def _get_before(self, cards: list[Card]) -> dict[int, Before]:
        """By id of those of these cards that are not measured for themselves: whose plan counts late entries for the next
        period, or whose person worked in another time zone until the day before."""
        self.env["discipline.plan"].flush_model(["late_policy"])
        query = SQL(
            """
            SELECT c.id, p.date_from, p.date_to, p.tz, p.deadline, r.late_policy = 'next_period',
                   p.tz <> c.tz AND p.date_to + 1 = c.date_from
              FROM %s
              JOIN discipline_plan r ON r.id = c.plan_id
              JOIN LATERAL (%s) p ON TRUE
             WHERE r.late_policy = 'next_period' OR p.tz <> c.tz
            """,
            self._sql_cards(cards),
            self._sql_previous(),
        )
        return {
            card_id: Before(first, tz, deadline, carried, utc_bounds(last, last, tz)[1] if moved else None)
            for card_id, first, last, tz, deadline, carried, moved in self.env.execute_query(query)
        }

    @api.model
    def _sql_cards(self, cards: list[Card]) -> SQL:
        """These cards, whether they are stored yet or not, as the table `c` of `_sql_previous`."""
        names = ("id", "employee_id", "plan_id", "period", "trial", "date_from", "tz")
        return sql_rows(self, names, list(map(attrgetter(*names), cards)), "c")

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

    @api.model
    def _get_personal_targets(self, cards: list[Card], metric_ids: list[int]) -> dict:
        """Targets of people and teams for these metrics that may be in force for these cards
        (`discipline.target._get_index`)."""
        days = [card.date_from for card in cards]
        companies = list({card.company_id for card in cards})
        return self.env["discipline.target"]._get_index(metric_ids, companies, min(days), max(days))

    @api.model
    def _get_target_inputs(self, card: Card) -> tuple:
        """What `_resolve_target` asks for of this card, whatever the indicator."""
        hours = (card.hours, card.scheduled_hours, card.norm_hours)
        key = (card.company_id, card.period)
        return key, card.date_from, card.employee_id, card.team_id, hours

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
