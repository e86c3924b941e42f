from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """The ledger learns who touched each lead first, and the spans when those that are closed had been open."""
    if not version:
        return
    facts = api.Environment(cr, SUPERUSER_ID, {})["discipline.fact"]
    facts._fill_history_kind("lead_first_touch")
    facts._fill_history_lead_spans()
