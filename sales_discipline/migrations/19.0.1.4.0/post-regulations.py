from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """What was missed before it was no longer needed is missed; to-dos know whose document they are on; orders that are
    delivered by now are no news to the regulations that run."""
    cr.execute(
        "UPDATE discipline_regulation_step SET kept = 0 WHERE state = 'stopped' AND closed_at >= due_at AND kept IS NULL"
    )
    cr.execute(
        """
        UPDATE discipline_regulation_step
           SET outcome = CASE state WHEN 'skipped' THEN 'skipped' WHEN 'done' THEN CASE kept WHEN 100 THEN 'kept' ELSE 'late' END
                              WHEN 'open' THEN CASE WHEN kept = 0 THEN 'missed' ELSE 'open' END
                              ELSE CASE WHEN kept = 0 THEN 'missed' ELSE 'stopped' END END
        """
    )
    cr.execute(
        "UPDATE discipline_regulation_step SET owner_id = user_id WHERE state = 'open' AND owner_id IS NULL"
    )
    env = api.Environment(cr, SUPERUSER_ID, {})
    domain = [("trigger", "=", "delivered"), ("state", "=", "running")]
    env["discipline.regulation"].search(domain)._note_delivered()
    # rules are not updated by themselves
    rule = env.ref("sales_discipline.rule_regulation_step_own", raise_if_not_found=False)
    if rule and rule.domain_force == "[('user_id', '=', user.id)]":
        rule.domain_force = "['|', ('user_id', '=', user.id), ('activity_id.user_id', '=', user.id)]"
    # a rule that nobody has used yet is the one shipped now
    rule = env.ref("sales_discipline.regulation_web_lead", raise_if_not_found=False)
    steps = (
        env["discipline.regulation.step"].search([("regulation_id", "=", rule.id)], limit=1) if rule else True
    )
    if not steps and rule.state == "draft":
        rule.write({"lead_from": "others", "assigns": True})
        env.ref("sales_discipline.regulation_web_lead_1").discipline_working_days = True
