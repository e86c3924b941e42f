import errno

from odoo import models
from odoo.exceptions import UserError

END = b"%%EOF"  # of every PDF that is whole


class IrActionsReport(models.Model):
    """A server without room on its disk gives no PDF: half a pay statement, which the program that prints it reports as
    done, is none."""

    _inherit = "ir.actions.report"

    def _run_wkhtmltopdf(self, bodies, *args, **kwargs):
        try:
            content = super()._run_wkhtmltopdf(bodies, *args, **kwargs)
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            raise self._get_no_room() from error
        if END not in content[-1024:]:
            raise self._get_no_room()
        return content

    def _get_no_room(self) -> UserError:
        return UserError(
            self.env._(
                "The PDF could not be made: the server has no room left for it. Nothing was changed; ask your administrator to"
                " make room, then print it again."
            )
        )
