"""Read by `odoo shell`: fill the demo database once, and note down its logins.

DEMO_LOGINS names the file for the table of logins that ./dev demo prints.
"""

import logging
import os
from pathlib import Path

_logger = logging.getLogger("odoo.addons.sales_discipline.demo")
env = globals()["env"]  # given by the shell

parameters = env["ir.config_parameter"].sudo()
parameters.set_param("web.base.url", os.environ["DEMO_URL"])
logins = []
if "discipline.demo" in env:
    demo = env["discipline.demo"]
    if not parameters.get_param("sales_discipline.demo_generated"):
        demo._generate()
        parameters.set_param("sales_discipline.demo_generated", "1")
    logins = demo._get_logins()
else:
    _logger.info("this version of the addon has no demo company")
env.cr.commit()

if not any(login == "admin" for _role, login, _password in logins):
    logins = [("Administrator", "admin", "admin"), *logins]
width = max(len(role) for role, _login, _password in logins)
rows = [f"  {role:{width}}  login {login:14} password {password}\n" for role, login, password in logins]
Path(os.environ["DEMO_LOGINS"]).write_text("".join(rows), encoding="utf-8")
