from odoo import http
from odoo.http import request

from .funnel import FunnelBook
from .sheet import send_workbook


class TeamBoardController(http.Controller):
    @http.route("/sales_discipline/team_board/xlsx", type="http", auth="user", readonly=True)
    def team_board_xlsx(self, period="day", date="", **_kwargs):
        """The page Team Board as a workbook, for those who may see it."""
        found = request.env["discipline.scorecard"]._get_board_print(period, date or False)
        book = FunnelBook(request.env.company, found)
        return send_workbook(lambda file: file.write(book.save()), found["file"])
