from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """What was stored before 1.2 learns what is new in it."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    mark_amended_cards(env)
    hide_scorecards_to_report(env)
    seal_cards(env)
    leave_closed_days_alone(env)


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


def hide_scorecards_to_report(env):
    """One's own open scorecard is hidden while a report on it is due; rules are not updated by themselves."""
    seen = (
        "'|', '|', '|', ('ask_report', '=', False), ('submitted_at', '!=', False), ('state', '=', 'frozen'),"
        " ('company_id.discipline_show_measured', '=', True)"
    )
    own = f"('user_id', '=', user.id), {seen}"
    rules = {
        "rule_scorecard_own": f"[{own}]",
        "rule_scorecard_line_own": f"[('scorecard_id', 'any', [{own}])]",
        "rule_scorecard_report_own": f"[('user_id', '=', user.id), ('scorecard_id', 'any', [{own}])]",
    }
    for name, domain in rules.items():
        if rule := env.ref(f"sales_discipline.{name}", raise_if_not_found=False):
            rule.domain_force = domain


def leave_closed_days_alone(env):
    """What was marked as done so far went into the ledger without its result text: it is no sign of anything."""
    env.cr.execute(
        """
        UPDATE discipline_scorecard SET signals_at = now() AT TIME ZONE 'UTC'
         WHERE state = 'frozen' AND signals_at IS NULL
        """
    )
