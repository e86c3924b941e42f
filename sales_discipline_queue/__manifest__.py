{
    "name": "Sales Discipline: Job Queue",
    "summary": "Large freezes and payroll runs are shared out among several processes (OCA queue_job)",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Sales Discipline contributors",
    "license": "LGPL-3",
    "depends": ["sales_discipline", "queue_job"],
    "auto_install": True,
    "data": ["data/queue_job_data.xml"],
}
