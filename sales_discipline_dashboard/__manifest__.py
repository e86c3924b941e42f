{
    "name": "Sales Discipline: Dashboard",
    "summary": "Results, misses, funnel and late entries of the teams among Odoo's dashboards",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Sales Discipline contributors",
    "license": "LGPL-3",
    "depends": ["sales_discipline", "spreadsheet_dashboard"],
    "auto_install": True,
    "data": ["data/dashboards.xml"],
}
