{
    "name": "Sales Discipline: Margin",
    "summary": "Margin of confirmed orders as a metric: commission, KPIs and sales plans on margin",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Sales Discipline contributors",
    "license": "LGPL-3",
    "depends": ["sales_discipline", "sale_margin"],
    "auto_install": True,
    "data": ["data/discipline_metric_data.xml"],
    "pre_init_hook": "pre_init_hook",
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
