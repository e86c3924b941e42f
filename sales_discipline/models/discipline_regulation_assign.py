from ast import literal_eval
from datetime import datetime

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.assigning import Candidate, Wish, hand_out
from ..tools.periods import DAY
from ..tools.working_time import next_at_work
from .discipline_regulation_run import BATCH

AHEAD = 14 * DAY  # in which somebody is expected back


class DisciplineRegulation(models.Model):
    """New leads without a salesperson get one at once: in turns among the members of the team who are at work, by Odoo's own
    settings for assigning leads (domains and capacities of teams and members)."""

    _inherit = "discipline.regulation"

    assigns = fields.Boolean(
        "Give to Salespeople",
        help="A lead that comes without a salesperson is given to a member of its team, or of any team that takes such leads: in"
        " turns, first to who is at work now and has the fewest new leads for their capacity. Who takes what is set on the"
        " teams and their members, as for Odoo's own assignment.",
    )

    @api.model
    def _is_assigning(self) -> bool:
        """Whether a running rule gives leads to salespeople."""
        return "assigns" in self._get_awaited()

    def _assign(self, now: datetime) -> None:
        """Give the next new leads that have no salesperson to people.

        :param now: naive UTC
        """
        self.ensure_one()
        if not self.assigns or self.trigger != "lead_created":
            return
        leads = self.env["crm.lead"].sudo().browse(self._lock_unassigned(now))
        members = self._get_members(leads)
        if not members:
            return
        wishes = [self._get_wish(lead, members) for lead in leads]
        chosen = hand_out(wishes, self._get_candidates(members, now), now)
        by_member = {}
        for lead in leads:
            if lead.id in chosen:
                by_member.setdefault(chosen[lead.id], []).append(lead.id)
        for member in members:
            if member.id in by_member:
                given = leads.browse(by_member[member.id])
                given.write({"user_id": member.user_id.id, "team_id": member.crm_team_id.id})
        self._log_given(leads.browse(chosen))

    def _log_given(self, leads) -> None:
        said = self.env._("Given to a salesperson by the rule “%(rule)s”.", rule=self.name)
        if leads:
            leads._message_log_batch(bodies=dict.fromkeys(leads.ids, said))

    def _lock_unassigned(self, now: datetime) -> list[int]:
        """Ids of new leads without a salesperson, which nobody else changes at the moment."""
        for model in ("discipline.regulation.step", "crm.lead"):
            self.env[model].flush_model()
        query = SQL(
            """
            SELECT d.id FROM crm_lead d
             WHERE d.id IN (SELECT e.res_id FROM (%(events)s) AS e(res_id, event, moment, base)
                             WHERE NOT EXISTS (SELECT FROM discipline_regulation_step s WHERE s.regulation_id = %(id)s
                                                  AND s.res_id = e.res_id AND s.event = e.event))
               AND d.user_id IS NULL AND %(mine)s
             ORDER BY d.id LIMIT %(batch)s FOR UPDATE OF d SKIP LOCKED
            """,
            events=self._sql_events(now),
            id=self.id,
            mine=self._sql_mine(SQL("COALESCE(d.company_id, %s)", self.company_id.id or self.env.company.id)),
            batch=BATCH,
        )
        return [lead_id for (lead_id,) in self.env.execute_query(query)]

    def _get_members(self, leads):
        """Members of the sales teams who may get any of these."""
        if not leads:
            return self.env["crm.team.member"]
        domain = [
            ("crm_team_id.company_id", "in", [False, *leads.company_id.ids, *self.company_id.ids]),
            ("crm_team_id.active", "=", True),
            ("crm_team_id.assignment_optout", "=", False),
            ("user_id.active", "=", True),
            ("assignment_optout", "=", False),
            ("assignment_max", ">", 0),
        ]
        if all(lead.team_id for lead in leads):
            domain.append(("crm_team_id", "in", leads.team_id.ids))
        return self.env["crm.team.member"].sudo().search(domain, order="id")

    def _get_wish(self, lead, members) -> Wish:
        """Whom a lead fits: its team's members, else those of a team that takes such leads; by their own domains."""
        able = members.filtered(
            lambda member: (
                member.crm_team_id == lead.team_id
                if lead.team_id
                else (
                    (
                        not lead.company_id
                        or (member.crm_team_id.company_id or lead.company_id) == lead.company_id
                    )
                    and (not lead.company_id or lead.company_id in member.user_id.company_ids)
                    and _takes(lead, member.crm_team_id.assignment_domain)
                )
            )
        ).filtered(lambda member: _takes(lead, member.assignment_domain))
        preferred = able.filtered(
            lambda member: (
                member.assignment_domain_preferred and _takes(lead, member.assignment_domain_preferred)
            )
        )
        return Wish(lead.id, frozenset(able.ids), frozenset(preferred.ids))

    def _get_candidates(self, members, now: datetime) -> dict[int, Candidate]:
        """What is known of each member: when they work, and what they were given of late."""
        companies = {
            member.id: (member.crm_team_id.company_id or member.user_id.company_id).id for member in members
        }
        pairs = {member.id: (member.user_id.id, companies[member.id]) for member in members}
        shifts = self._get_shifts(pairs.values(), (now - DAY).date(), (now + AHEAD).date())
        groups = self.env["crm.lead"].sudo().with_context(active_test=False)
        domain = [("user_id", "in", members.user_id.ids), ("date_open", ">=", now - AHEAD)]
        last = {
            user.id: moment for user, moment in groups._read_group(domain, ["user_id"], ["date_open:max"])
        }
        return {
            member.id: Candidate(
                next_at_work(now, shifts[pairs[member.id]]),
                member.assignment_max / 30,
                member.lead_day_count,
                last.get(member.user_id.id),
            )
            for member in members
        }


def _takes(lead, domain: str | bool) -> bool:
    if not domain or domain.strip() == "[]":
        return True
    return bool(lead.filtered_domain(literal_eval(domain)))


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _is_rule_based_assignment_activated(self):
        """What a running rule gives to people is not given to the team's leader when it comes."""
        return (
            super()._is_rule_based_assignment_activated() or self.env["discipline.regulation"]._is_assigning()
        )
