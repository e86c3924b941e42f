from odoo import models
from odoo.tools import SQL


class DisciplineMetric(models.Model):
    """Built-in metrics of how leads are looked after: how fast somebody acts on them, which nobody has,
    and how much is known of the deals."""

    _inherit = "discipline.metric"

    def _measure_first_touch_minutes(self, rows, windows) -> SQL:
        """How many minutes after its creation a lead was touched first, on average, by whoever did so."""
        return SQL(
            """
            %(rows)s
            SELECT w.key, AVG((f.details->>'minutes')::numeric) FILTER (WHERE f.entered_at <= w.entered_by),
                   AVG((f.details->>'minutes')::numeric)
                       FILTER (WHERE f.entered_at > w.entered_by AND w.entered_after IS NULL), NULL
              FROM discipline_fact f JOIN w ON %(join)s
             WHERE f.kind = 'lead_first_touch'
             GROUP BY w.key
            """,
            rows=rows,
            join=self._sql_in_window(SQL("f"), windows),
        )

    def _measure_leads_untouched(self, rows, windows) -> SQL:
        """Leads and opportunities open at the deadline that nobody had touched by then, of whoever had them."""
        return SQL(
            """
            %(rows)s, d AS (%(deals)s)
            SELECT d.key, COUNT(*), 0, ARRAY_AGG(d.id)
              FROM d
             WHERE NOT %(touched)s
             GROUP BY d.key
            """,
            rows=rows,
            deals=self._sql_deals_at_deadline(windows, SQL("d.id"), ("lead", "opportunity")),
            touched=self.env["crm.lead"]._sql_is_touched(SQL("d.id"), SQL("d.as_of")),
        )

    def _measure_crm_fill_rate(self, rows, windows) -> SQL:
        """How many percent of the fields that the stages want were filled in, over all opportunities open at the
        deadline, of whoever had them then; no data if nothing was wanted."""
        return SQL(
            """
            %(rows)s, d AS (%(deals)s)
            SELECT key, 100.0 * SUM(filled) / SUM(required), 0, ARRAY_AGG(id) FROM d WHERE required > 0 GROUP BY key
            """,
            rows=rows,
            deals=self._sql_deals_at_deadline(windows, SQL("d.id, d.filled, d.required")),
        )
