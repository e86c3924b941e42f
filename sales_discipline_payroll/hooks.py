# whose the salary rules are, in the eyes of Odoo, that stay when the addon goes, because payslips were computed by them
KEPT = "__sales_discipline_payroll__"
MODELS = ("hr.salary.rule", "hr.salary.rule.category", "hr.rule.input")


def pre_init_hook(env):
    """Take back the rules that stayed when the addon was uninstalled, so that none is there twice."""
    _hand_over(env, KEPT, "sales_discipline_payroll", active=True)


def uninstall_hook(env):
    """Payslips keep their lines, so the rules of these stay, archived: no payslip is computed by them any more."""
    env.cr.execute(
        """
        SELECT 1 FROM hr_payslip_line l JOIN ir_model_data d ON d.model = 'hr.salary.rule' AND d.res_id = l.salary_rule_id
         WHERE d.module = 'sales_discipline_payroll' LIMIT 1
        """
    )
    if env.cr.fetchone():
        _hand_over(env, "sales_discipline_payroll", KEPT, active=False)
    # what Odoo has noted down of the keys between payslips and statements, and forgets to take away
    env.cr.execute(
        """
        DELETE FROM ir_model_constraint c USING ir_module_module m
         WHERE m.id = c.module AND m.name = 'sales_discipline_payroll' AND c.type = 'f'
        """
    )


def _hand_over(env, owner, heir, active):
    env.cr.execute(
        "UPDATE ir_model_data SET module = %s WHERE module = %s AND model IN %s RETURNING model, res_id",
        [heir, owner, MODELS],
    )
    rules = tuple(key for model, key in env.cr.fetchall() if model == "hr.salary.rule")
    if rules:
        env.cr.execute("UPDATE hr_salary_rule SET active = %s WHERE id IN %s", [active, rules])
    env.invalidate_all()
    env.registry.clear_cache()
