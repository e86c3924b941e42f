{
    "name": "Sales Discipline: Payslips",
    "summary": "Confirmed pay statements arrive in the payslips of the month (OCA payroll)",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Sales Discipline contributors",
    "license": "LGPL-3",
    "depends": ["sales_discipline", "payroll"],
    "auto_install": True,
    "data": [
        "security/payslip_rules.xml",
        "data/hr_salary_rule_data.xml",
        "views/hr_payslip_views.xml",
        "views/discipline_payroll_views.xml",
    ],
    "pre_init_hook": "pre_init_hook",
    "uninstall_hook": "uninstall_hook",
}
