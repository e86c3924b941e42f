{
    "name": "Sales Discipline",
    "summary": "Daily activity plans, frozen scorecards, KPIs and pay that follow the CRM's facts",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Sales Discipline contributors",
    "license": "LGPL-3",
    "application": True,
    "depends": ["crm", "hr", "sale_crm"],
    "external_dependencies": {"python": ["xlsxwriter"]},
    "data": [
        "security/discipline_groups.xml",
        "security/ir.model.access.csv",
        "security/discipline_rules.xml",
        "data/mail_activity_type_data.xml",
        "data/discipline_metric_data.xml",
        "data/ir_cron_data.xml",
    ],
    "assets": {
        "web.assets_backend": ["sales_discipline/static/src/**/*"],
    },
    "post_init_hook": "post_init_hook",
}
