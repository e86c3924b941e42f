from odoo import models


class DisciplineDecided(models.AbstractModel):
    """About one person, and decided by another: the leader of their team as of then, or a manager. Whoever inherits it has
    `employee_id`, `user_id` (the login of then) and `team_id`."""

    _name = "discipline.decided.mixin"
    _description = "Decided by the Leader"

    def _is_about(self, user) -> bool:
        """Whether any of these is about that user: by the login of then, by another one that the employee has by now, or by
        one with the same person as its contact."""
        for record in self.sudo():
            logins = record.user_id | record.employee_id.user_id
            if user in logins or user.partner_id in logins.partner_id | record.employee_id.work_contact_id:
                return True
        return False

    def _may_decide(self) -> bool:
        """Whether all of these are the user's to decide: never what is about themselves."""
        user = self.env.user
        leads = user.has_group("sales_discipline.group_leader") and all(
            record.team_id.user_id == user for record in self.sudo()
        )
        manages = user.has_group("sales_discipline.group_manager")
        return (leads or manages) and not self._is_about(user)
