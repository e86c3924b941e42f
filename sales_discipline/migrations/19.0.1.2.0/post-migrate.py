from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """What was stored before 1.2 learns what is new in it."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    seal_cards(env)


def seal_cards(env):
    """Cards frozen before there were seals are sealed as they stand."""
    env["discipline.scorecard"]._seal_unsealed()
