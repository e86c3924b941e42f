from odoo import api, fields, models

KINDS = [
    ("burst", "Done in a Burst"),
    ("deadline", "Just before the Deadline"),
    ("client", "Same Client over and over"),
    ("no_text", "No Result Text"),
    ("same_text", "Same Result Text"),
    ("at_once", "Created and Done at once"),
    ("lost", "Work on Leads Long Lost"),
    ("claimed", "Stated above Measured"),
]
# the limits that a kind has beside `at_least`
LIMITS = {
    "burst": ("minutes",),
    "deadline": ("minutes", "share", "bare_share"),
    "client": (),
    "no_text": ("share",),
    "same_text": ("share",),
    "at_once": ("minutes", "share", "bare_share"),
    "lost": ("days",),
    "claimed": ("share", "days"),
}


class DisciplineSignalRule(models.Model):
    """What is looked for in a closed day, one rule a kind: a switch and its limits. A company may have rules of its
    own, which stand for the general ones."""

    _name = "discipline.signal.rule"
    _inherit = ["discipline.own.company.mixin"]
    _description = "Rule for Signals"
    _order = "sequence, kind, company_id, id"
    _rec_name = "kind"

    kind = fields.Selection(KINDS, required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean("Looked for", default=True)
    company_id = fields.Many2one(
        "res.company", ondelete="cascade", help="Empty: for all companies without a rule of their own."
    )
    at_least = fields.Integer(required=True, default=8, help="How many it takes for a signal.")
    minutes = fields.Integer(default=0)
    share = fields.Float("Share of the Day (%)", default=0.0)
    bare_share = fields.Float(
        "Without Own Words (%)",
        default=0.0,
        help="Activities without a result text, or with one that others of that day have as well.",
    )
    days = fields.Integer(default=0)
    sentence = fields.Char("What Is Looked for", compute="_compute_sentence")

    _once = models.UniqueIndex("(kind, COALESCE(company_id, 0))", "There is a rule for this kind already.")
    _at_least_check = models.Constraint(
        "CHECK(at_least >= 1)", "The field 'At Least' has to be 1 or more: it says how many make a signal."
    )
    _minutes_check = models.Constraint(
        "CHECK(minutes >= 0 AND minutes <= 1440)", "The field 'Minutes' has to be between 0 and 1440, a day."
    )
    _share_check = models.Constraint(
        "CHECK(share >= 0 AND share <= 100 AND bare_share >= 0 AND bare_share <= 100)",
        "The fields 'Share of the Day' and 'Without Own Words' have to be between 0 and 100 %.",
    )
    _days_check = models.Constraint(
        "CHECK(days >= 0 AND days <= 3660)", "The field 'Days' has to be between 0 and 3660."
    )

    @api.depends("kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for rule in self:
            rule.display_name = labels.get(rule.kind, "")

    @api.depends("kind", "at_least", "minutes", "share", "bare_share", "days")
    @api.depends_context("lang")
    def _compute_sentence(self):
        for rule in self:
            rule.sentence = rule._get_sentence(rule.kind) if rule.kind else False

    def _get_sentence(self, kind: str) -> str:
        """What a rule of that kind looks for, with its limits, in the language at hand."""
        values = {name: f"{self[name]:g}" for name in ("at_least", "minutes", "share", "bare_share", "days")}
        sentences = {
            "burst": self.env._("%(at_least)s activities marked as done within %(minutes)s min", **values),
            "deadline": self.env._(
                "%(at_least)s activities, and %(share)s %% of the day's, done in the last %(minutes)s min before the"
                " deadline, %(bare_share)s %% of them without words of their own",
                **values,
            ),
            "client": self.env._(
                "%(at_least)s activities of one type with the same client on one day", **values
            ),
            "no_text": self.env._(
                "%(at_least)s activities, and %(share)s %% of the day's, done without a result text", **values
            ),
            "same_text": self.env._(
                "%(at_least)s activities, and %(share)s %% of the day's, done with the same result text",
                **values,
            ),
            "at_once": self.env._(
                "%(at_least)s activities, and %(share)s %% of the day's, marked as done within %(minutes)s min of"
                " their creation, %(bare_share)s %% of them without words of their own",
                **values,
            ),
            "lost": self.env._(
                "%(at_least)s activities on one day on leads that had been lost for %(days)s days", **values
            ),
            "claimed": self.env._(
                "%(at_least)s reports in %(days)s days that state over %(share)s %% more than was measured",
                **values,
            ),
        }
        return sentences[kind]
