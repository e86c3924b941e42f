from datetime import datetime

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .readers import for_readers
from .sql_rows import sql_rows


class DisciplineRegulationStep(models.Model):
    """A to-do that a regulation has scheduled on a record, and what became of it. Nobody writes one by hand: it is
    what compliance is measured by.

    open -> done (in time or late) | skipped (the person said why) | stopped (no longer needed: it counts for nothing).
    """

    _name = "discipline.regulation.step"
    _description = "Scheduled Step of a Regulation"
    _order = "due_at desc, id desc"

    name = fields.Char("To Do", required=True, readonly=True)
    regulation_id = fields.Many2one(
        "discipline.regulation", required=True, readonly=True, ondelete="restrict", index=True
    )
    template_id = fields.Many2one(
        "mail.activity.plan.template", "Step", readonly=True, ondelete="set null", index="btree_not_null"
    )
    event = fields.Char(required=True, readonly=True, help="What set it off: one to-do per event and step.")
    triggered_at = fields.Datetime("Event on", required=True, readonly=True)
    user_id = fields.Many2one("res.users", "Responsible", readonly=True, ondelete="restrict", index=True)
    team_id = fields.Many2one(
        "crm.team", "Sales Team", readonly=True, ondelete="restrict", help="As of then."
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    partner_id = fields.Many2one(
        "res.partner", "Client", readonly=True, ondelete="set null", index="btree_not_null"
    )
    res_model = fields.Char("Document Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "Document ID", model_field="res_model", required=True, readonly=True, aggregator=None
    )
    res_name = fields.Char("Document", readonly=True)
    date_due = fields.Date(
        "Due on", required=True, readonly=True, help="In the time zone of whoever does it."
    )
    due_at = fields.Datetime(
        "Due by",
        required=True,
        readonly=True,
        help="The moment that it has to be done before, postponed or not.",
    )
    result = fields.Selection(
        [
            ("none", "Nothing"),
            ("text", "A text"),
            ("reason", "The lost reason"),
            ("rating", "The client's rating"),
        ],
        "Has to Bring",
        required=True,
        readonly=True,
    )
    ends = fields.Char(required=True, readonly=True)
    state = fields.Selection(
        [("open", "To Do"), ("done", "Done"), ("skipped", "Skipped"), ("stopped", "No Longer Needed")],
        "Status",
        required=True,
        readonly=True,
        default="open",
    )
    outcome = fields.Selection(
        [
            ("open", "To Do"),
            ("kept", "On Time"),
            ("late", "Late"),
            ("missed", "Missed"),
            ("skipped", "Skipped"),
            ("stopped", "No Longer Needed"),
        ],
        required=True,
        readonly=True,
        default="open",
        help="Missed: due and still not done, or no longer needed after it was due.",
    )
    closed_at = fields.Datetime(
        "Closed on", readonly=True, help="When it was done, skipped or no longer needed."
    )
    kept = fields.Float("On Time (%)", readonly=True, aggregator="avg", help="100 if done in time, else 0.")
    reason = fields.Text("Why Not", readonly=True, help="What the person said when skipping it.")
    rating = fields.Float(readonly=True, aggregator="avg")
    activity_id = fields.Many2one("mail.activity", readonly=True, ondelete="set null", index="btree_not_null")
    is_late = fields.Boolean("Late", compute="_compute_is_late", search="_search_is_late")

    _once = models.UniqueIndex("(regulation_id, res_id, event, template_id)")
    _due_idx = models.Index("(user_id, date_due) INCLUDE (state, company_id)")
    _open_idx = models.Index("(regulation_id, res_id) WHERE state = 'open'")

    @api.depends("state", "closed_at", "due_at")
    def _compute_is_late(self):
        """Done, or no longer needed, after it was due; or due and still not done."""
        now = fields.Datetime.now()
        for step in self:
            moment = now if step.state == "open" else step.closed_at
            step.is_late = step.state != "skipped" and bool(step.due_at and moment and moment >= step.due_at)

    def _search_is_late(self, operator, value):
        if operator != "in" or set(value) - {True}:
            return NotImplemented
        late = SQL(
            "(SELECT id FROM discipline_regulation_step WHERE state = 'open' AND due_at <= %s"
            " OR state IN ('done', 'stopped') AND closed_at >= due_at)",
            fields.Datetime.now(),
        )
        return [("id", "in", late)]

    # ------------------------------------------------------------
    # What becomes of it
    # ------------------------------------------------------------

    def _close(self, state: str, now: datetime, reason: str | None = None) -> None:
        """Open ones get their last state.

        :param state: done, skipped or stopped
        :param now: naive UTC; when that was
        """
        self._close_rows([(step_id, state, now, reason) for step_id in self.ids])

    @api.model
    def _close_rows(self, rows: list[tuple]) -> None:
        """Open ones get their last state, in one statement. What was no longer needed before it was due counts neither as
        kept nor as missed; what was missed by then stays missed.

        :param rows: (id, state, closed_at, reason)
        """
        if not rows:
            return
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE discipline_regulation_step s
                   SET state = v.state, closed_at = v.closed_at, reason = v.reason,
                       kept = CASE WHEN v.state = 'done' AND v.closed_at < s.due_at THEN 100
                                   WHEN v.state = 'stopped' AND v.closed_at < s.due_at THEN NULL ELSE 0 END,
                       outcome = CASE WHEN v.state = 'skipped' OR v.state = 'stopped' AND v.closed_at < s.due_at THEN v.state
                                      WHEN v.state = 'stopped' THEN 'missed'
                                      WHEN v.closed_at < s.due_at THEN 'kept' ELSE 'late' END
                  FROM %s
                 WHERE v.id = s.id AND s.state = 'open'
                """,
                sql_rows(self, ("id", "state", "closed_at", "reason"), rows),
            )
        )
        self.invalidate_model(["state", "outcome", "closed_at", "reason", "kept"])

    def _reopen(self) -> None:
        """The activity that it was done by was taken back."""
        done = self.sudo().filtered(lambda step: step.state == "done")
        if done:
            done.flush_recordset()
            self.env.cr.execute(
                SQL(
                    "UPDATE discipline_regulation_step SET state = 'open', outcome = 'open', closed_at = NULL, kept = NULL"
                    " WHERE id IN %s",
                    tuple(done.ids),
                )
            )
            done.invalidate_recordset()

    def _check_result(self, feedback) -> None:
        """:raise UserError: if one of these does not bring what its rule asks for"""
        for step in self.sudo():
            missing = {
                "text": not (feedback or "").strip(),
                "reason": step.result == "reason" and not step._get_document().lost_reason_id,
                "rating": not step.rating,
            }
            if missing.get(step.result):
                raise UserError(step._get_demand())

    def _get_demand(self) -> str:
        """What to do, in words, for it to count as done."""
        self.ensure_one()
        rule = {"step": self.name, "rule": self.regulation_id.name}
        demands = {
            "text": self.env._(
                "“%(step)s” has to bring a result in words (rule “%(rule)s”): write it down.", **rule
            ),
            "reason": self.env._(
                "“%(step)s” has to bring the lost reason (rule “%(rule)s”): enter it on the opportunity.",
                **rule,
            ),
            "rating": self.env._(
                "“%(step)s” has to bring the client's rating (rule “%(rule)s”): press “Done” in To Do by the Rules and choose"
                " the stars.",
                **rule,
            ),
        }
        return demands[self.result]

    def _get_document(self):
        return self.env[self.res_model].browse(self.res_id).exists()

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    @for_readers
    def action_hand_in(self):
        """Ask for what the step has to bring, and mark it as done."""
        return self._get_hand_in_action("done", self.env._("Done"))

    @for_readers
    def action_skip(self):
        """Ask why it is not done."""
        return self._get_hand_in_action("skipped", self.env._("Why Not?"))

    def _get_hand_in_action(self, outcome, name):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "discipline.regulation.result",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_step_id": self.id, "default_outcome": outcome},
        }

    def action_open_document(self):
        """The record that it is about, with the reader's rights."""
        self.ensure_one()
        document = self._get_document()
        if not document:
            raise UserError(self.env._("“%(name)s” has been deleted since.", name=self.res_name or self.name))
        document.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }

    def _check_mine(self) -> None:
        """:raise AccessError: unless the step is the user's, by now or at first, or of a team that they lead or manage"""
        self.check_access("read")
        user = self.env.user
        for step in self.sudo():
            leads = step.team_id.user_id == user and user.has_group("sales_discipline.group_leader")
            owns = user in step.user_id | step.activity_id.user_id
            if not (owns or leads or user.has_group("sales_discipline.group_manager")):
                raise AccessError(self.env._("“%(name)s” is somebody else's to do.", name=step.name))

    def _skip(self, reason: str) -> None:
        """Say why it is not done. It counts as not kept, and the reason is on record.

        :raise UserError: without a reason, and for what is not open
        """
        self._check_mine()
        if not isinstance(reason, str) or not reason.strip():
            raise UserError(self.env._("The field 'Why Not' is needed: your leader will read it."))
        for step in self:
            if step.state != "open":
                raise UserError(self.env._("“%(name)s” is closed already.", name=step.name))
        self._close("skipped", fields.Datetime.now(), reason=reason.strip())
        self.sudo().activity_id.unlink()

    def _hand_in(self, text: str, reason=None, stars: int = 0) -> None:
        """Do it: with a text, the lost reason or the client's rating, as its rule asks for.

        :param reason: a crm.lost.reason
        :param stars: 1 to 5
        :raise UserError: if what the rule asks for is missing
        """
        self.ensure_one()
        self._check_mine()
        if self.state != "open":
            raise UserError(self.env._("“%(name)s” is closed already.", name=self.name))
        if self.result == "reason" and reason:
            self._get_document().lost_reason_id = reason
        if self.result == "rating" and stars:
            self._rate(text, stars)
        if self.activity_id:
            self.activity_id.with_env(self.env).action_feedback(feedback=text)
        else:
            self._check_result(text)
            self._close("done", fields.Datetime.now())

    def _rate(self, text: str, stars: int) -> None:
        """Keep what the client said, in Odoo's ratings, on the record that the step is about."""
        step = self.sudo()
        rating = step.env["rating.rating"].create(
            {
                "res_model_id": step.env["ir.model"]._get_id(step.res_model),
                "res_id": step.res_id,
                "partner_id": step.partner_id.id,
                "rated_partner_id": step.user_id.partner_id.id,
            }
        )
        # a note: what the salesperson writes down is not sent to the client
        step._get_document().rating_apply(stars, rating=rating, feedback=text, subtype_xmlid="mail.mt_note")
        step.rating = stars
