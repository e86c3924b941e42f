from datetime import date

from odoo import api, fields, models


class DisciplineScorecard(models.Model):
    """The time study on My Day: what is still to be entered today, and the timer that runs."""

    _inherit = "discipline.scorecard"

    @api.model
    def _get_day_work(self, today: date) -> dict:
        return {**super()._get_day_work(today), "time": self._get_day_time(today)}

    @api.model
    def _get_day_time(self, today: date) -> dict | bool:
        """What the card shows, or False for whoever takes part in no study today.

        :return: dict of `now` (UTC), `name`, `closes` (in words), `is_over`, `today` (see `_prepare_days`), `timer` (see
            `_prepare_timer`), `categories` to start one for, `asked` (whether the estimate is to be made), `behind` (on
            how many earlier days less than half of the hours was entered)
        """
        study, now = self.env["discipline.time.study"], fields.Datetime.now()
        me = study._get_mine(now)
        if not me or me.study_id.date_from > today:
            return False
        page = me._prepare_page(study._choose_day(me, False, now), now)
        days = page["days"]
        behind = [day for day in days if not (day["is_today"] or day["is_future"]) and day["filled"] < 50]
        return {
            "now": now,
            "name": page["study"]["name"],
            "closes": page["study"]["closes"],
            "is_over": page["study"]["is_over"],
            "today": next((day for day in days if day["is_today"]), False),
            "timer": page["timer"],
            "categories": [row for row in page["categories"] if row["is_active"]],
            "asked": page["estimate"]["asked"],
            "behind": len(behind),
        }
