from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """What was stored before 1.2 learns what is new in it."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    mark_amended_cards(env)
    seal_cards(env)


def mark_amended_cards(env):
    """Cards adjusted so far: pay finds by the moment what may have to be corrected."""
    env.cr.execute(
        """
        UPDATE discipline_scorecard c SET amended_at = COALESCE(c.write_date, now() AT TIME ZONE 'UTC')
         WHERE c.amended_at IS NULL AND c.state = 'frozen' AND EXISTS (
               SELECT FROM discipline_scorecard_line l WHERE l.scorecard_id = c.id AND l.adjustment_reason IS NOT NULL)
        """
    )


def seal_cards(env):
    """Cards frozen before there were seals are sealed as they stand."""
    env["discipline.scorecard"]._seal_unsealed()
