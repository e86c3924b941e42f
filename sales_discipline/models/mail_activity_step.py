from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.mail.tools.discuss import Store

from .mail_activity import FEEDBACK


class MailActivity(models.Model):
    """Activities that a regulation has scheduled tell it when they are done, and are not deleted without a word."""

    _inherit = "mail.activity"

    # without an index, which each activity would pay for: the step knows its activity, and steps are not deleted
    discipline_step_id = fields.Many2one(
        "discipline.regulation.step", readonly=True, copy=False, ondelete="set null"
    )

    @api.model_create_multi
    def create(self, vals_list):
        # a step is what the program scheduled: nobody gives one, and no context does in whatever runs as superuser
        vals_list = [
            {**vals, "discipline_step_id": self.env.su and vals.get("discipline_step_id")}
            for vals in vals_list
        ]
        return super().create(vals_list)

    def write(self, vals):
        if "discipline_step_id" in vals and not self.env.su:
            raise UserError(self.env._("The field 'Step' of an activity is set by the system."))
        steps = self.sudo().discipline_step_id if "active" in vals else None
        if steps and not vals["active"] and not self.env.su:
            steps.filtered(lambda step: step.state == "open").with_env(self.env)._check_result(
                self._get_feedback()
            )
        handed = self.filtered("active") if vals.get("user_id") else self.browse()
        res = super().write(vals)
        handed.sudo().discipline_step_id._hand_over(vals.get("user_id"), fields.Datetime.now())
        if steps:
            if vals["active"]:
                steps._reopen()
            else:
                steps._close("done", fields.Datetime.now())
        return res

    def action_done(self):
        """What a rule wants to have is asked for, where a list or a form has a button alone."""
        step = self._get_open_steps() if len(self) == 1 and not self.env.su else None
        return step.with_env(self.env).action_hand_in() if step else super().action_done()

    def action_cancel(self):
        step = self._get_open_steps() if len(self) == 1 and not self.env.su else None
        return step.with_env(self.env).action_skip() if step else super().action_cancel()

    @api.ondelete(at_uninstall=False)
    def _unlink_skipped(self):
        """:raise UserError: a step of a rule is not deleted without a word, but with its document or its user"""
        step = self._get_open_steps()[:1]
        if step and not self.env.su:
            rule = {"step": step.name, "rule": step.regulation_id.name}
            raise UserError(
                self.env._(
                    "“%(step)s” belongs to the rule “%(rule)s”: use “Skip” and say why it is not done.",
                    **rule,
                )
            )

    def unlink(self):
        steps = self._get_open_steps()
        res = super().unlink()
        steps._close("stopped", fields.Datetime.now())
        return res

    def _get_open_steps(self):
        """The steps that open ones among these are the to-dos of."""
        return self.filtered("active").sudo().discipline_step_id.filtered(lambda step: step.state == "open")

    def _get_feedback(self):
        """The result text that these are being marked as done with."""
        done_ids, said = self.env.cr.cache.get(FEEDBACK) or ((), None)
        return said if set(self.ids) <= set(done_ids) else None

    def _to_store_defaults(self, target):
        step = Store.Attr("discipline_step_id", lambda activity: activity.sudo().discipline_step_id.id)
        return [*super()._to_store_defaults(target), step]
