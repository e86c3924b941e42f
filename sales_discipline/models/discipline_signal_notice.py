from collections import Counter, defaultdict
from datetime import datetime
from functools import partial

from markupsafe import Markup

from odoo import api, fields, models

from ..tools.periods import local_date
from .discipline_assessment_activity import MORNING
from .discipline_signal_find import RECENT

PAGE = "/odoo/discipline-signals"


class ResUsers(models.Model):
    _inherit = "res.users"

    discipline_told_on = fields.Date(
        readonly=True,
        copy=False,
        help="Day on which the user was last told of new signals: once a day is enough.",
    )


class DisciplineSignal(models.Model):
    """Tells leaders of new signals: one message a day with how many, in the morning, in their language."""

    _inherit = "discipline.signal"

    told_ids = fields.Many2many(
        "res.users", "discipline_signal_told_rel", "signal_id", "user_id", readonly=True
    )

    @api.model
    def _get_untold_domain(self, now: datetime) -> list:
        return [("told_on", "=", False), ("state", "=", "new"), ("date", ">=", (now - RECENT).date())]

    @api.model
    def _tell(self, now: datetime) -> None:
        """Send each leader, from eight in the morning on, what is new of the days before.

        :param now: naive UTC
        """
        signals = self.sudo().search(self._get_untold_domain(now), order="date, id")
        managers = {company: self._get_managers(company) for company in signals.company_id}
        readers = {signal: signal._get_readers(managers[signal.company_id]) for signal in signals}
        by_reader = defaultdict(list)
        for signal in signals:
            for reader in readers[signal] - signal.told_ids:
                by_reader[reader].append(signal.id)
        for reader, ids in by_reader.items():
            today = local_date(now - MORNING, reader._get_discipline_tz())
            # of whole days
            news = signals.browse(ids).filtered(lambda signal, today=today: signal.date < today)
            if not news or reader.discipline_told_on and reader.discipline_told_on >= today:
                continue
            news._send(reader, now)
            reader.sudo().discipline_told_on = today
            news._mark({"told_ids": [fields.Command.link(reader.id)]})
        done = signals.filtered(lambda signal: not readers[signal] - signal.told_ids)
        done._mark({"told_on": now.date()})

    @api.model
    def _get_managers(self, company):
        return self.env["discipline.realism.check"]._get_managers(company)

    def _get_readers(self, managers=None):
        """Who is told of a signal: the leader of the person's team then; of the leader's own, and without a leader, the
        managers of the company (looked up if they are not given). Nobody is told of themselves."""
        self.ensure_one()
        leader = self.team_id.user_id - self.user_id
        if leader and leader.active and self.company_id in leader.company_ids:
            return leader
        return (self._get_managers(self.company_id) if managers is None else managers) - self.user_id

    def _send(self, reader, now: datetime) -> None:
        """One message to one reader, into the inbox or by mail as they like it."""
        told = self.with_context(lang=reader.lang, mail_notify_force_send=False)
        env = told.env
        labels = dict(self._fields["kind"]._description_selection(env))
        rows = []
        for user, signals in told.grouped("user_id").items():
            counts = Counter(signals.mapped("kind"))
            kinds = ", ".join(f"{labels[kind]} ({count})" for kind, count in counts.items())
            rows.append(Markup("<li>%s: %s</li>") % (user.name, kinds))
        people = len(told.user_id)
        body = Markup("<p>%s</p><ul>%s</ul><p><a href='%s'>%s</a></p>") % (
            env._("What looks like embellishment in closed days, to be asked about. It changes no points."),
            Markup("").join(rows),
            PAGE,
            env._("Open the signals"),
        )
        env["mail.thread"].message_notify(
            partner_ids=reader.partner_id.ids,
            author_id=self.env.ref("base.partner_root").id,
            subject=env._("New signals: %(n)s of %(people)s people", n=len(told), people=people)
            if people > 1
            else env._("New signals: %(n)s of %(name)s", n=len(told), name=told.user_id.name),
            body=body,
            date=now,
            force_email_lang=reader.lang,
        )


class DisciplineScorecard(models.Model):
    _inherit = "discipline.scorecard"

    @api.model
    def _get_steps(self, now: datetime) -> list:
        """After the signals: whoever is to be told of them."""
        return [*super()._get_steps(now), partial(self.env["discipline.signal"].sudo()._tell, now)]
