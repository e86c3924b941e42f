from psycopg2.errors import UntranslatableCharacter

from odoo import models
from odoo.exceptions import UserError
from odoo.http import request


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def session_info(self):
        """Tell the browser who has scorecards to show, so that nobody else's asks for any."""
        info = super().session_info()
        info["sales_discipline"] = self.env.user.has_group("sales_discipline.group_user")
        return info

    @classmethod
    def _dispatch(cls, endpoint):
        """PostgreSQL stores no zero character, which a text that was pasted may hold, and Odoo leaves it at that: say so
        in words, on every road from outside. What is still to be stored is stored here, where it can be said."""
        try:
            result = super()._dispatch(endpoint)
            if not request.env.cr.closed:
                request.env.cr.flush()
        except UntranslatableCharacter as error:
            raise UserError(_explain(request.env)) from error
        except ValueError as error:
            if "NUL (0x00)" not in str(error):
                raise
            raise UserError(_explain(request.env)) from error
        return result


def _explain(env) -> str:
    return env._(
        "A text holds a character that cannot be stored (code 0): delete it, or type the text instead of pasting it."
    )
