import sys

from odoo import SUPERUSER_ID, api
from odoo.cli import Command
from odoo.modules.registry import Registry
from odoo.tools import config


class DisciplineVerify(Command):
    """Hold all frozen scorecards of a database against their seals; says which one was altered first, and which
    number. Ends with 1 if anything is not as it was sealed.

    The addon has to be found: odoo --addons-path=... discipline_verify -d DATABASE, or a wheel that is installed.
    """

    name = "discipline_verify"

    def run(self, args):
        self.parser.add_argument("--lang", default="en_US", help="language of what is said")
        self.parser.add_argument("--limit", type=int, default=10, help="how many findings are written (10)")
        options, unknown = self.parser.parse_known_args(args)
        config.parse_config(["--log-level=warn", "--no-http", *unknown], setup_logging=True)
        if len(config["db_name"]) != 1:
            sys.exit("Say which database: -d DATABASE")
        if self.verify(config["db_name"][0], options):
            sys.exit(1)

    def verify(self, database, options) -> int:
        """Verify the companies one by one and write what was found; the number of findings."""
        count = 0
        with Registry(database).cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"lang": options.lang})
            if "discipline.seal" not in env:
                sys.exit("Sales Discipline is not installed in this database, or is older than its seals.")
            seals = env["discipline.seal"]
            for company in env["res.company"].search([]):
                result = seals._verify(seals._get_people(company))
                count += len(result["findings"])
                sys.stdout.write(f"{company.name}: {seals._get_text(result)}\n")
                for finding in result["findings"][: options.limit]:
                    sys.stdout.write(f"  {seals._get_finding_text(finding)}\n")
            cr.rollback()
        return count
