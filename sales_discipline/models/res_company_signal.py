from odoo import fields, models

ALLOWED_TEXTS = (
    "No answer\nNot reached\nBusy\nVoicemail\nНет ответа\nНе отвечает\nНе дозвонился\nНедозвон\nЗанято"
)


class ResCompany(models.Model):
    """What signals and spot checks need to know of a company."""

    _inherit = "res.company"

    discipline_signals_own = fields.Boolean(
        "Salespeople See Their Own Signals",
        help="Signals are questions, not verdicts: by default only leaders and managers see them.",
        prefetch="discipline",
    )
    discipline_text_length = fields.Integer(
        "Shortest Result Text",
        default=3,
        help="A result text with fewer characters, such as 'ok' or '+', counts as none when signals are looked for.",
        prefetch="discipline",
    )
    discipline_allowed_texts = fields.Text(
        "Texts That May Repeat",
        default=ALLOWED_TEXTS,
        help="One a line. What is said again and again with good reason is no signal: 'No answer'.",
        prefetch="discipline",
    )
    discipline_spot_count = fields.Integer(
        "Spot Checks a Week",
        default=1,
        help="So many activities of each person are drawn at random every week, for the leader to verify by a call.",
        prefetch="discipline",
    )
    discipline_spot_drawn = fields.Date(
        readonly=True,
        help="First day of the last week of which activities were drawn.",
        prefetch="discipline",
    )

    _discipline_text_length_check = models.Constraint(
        "CHECK(discipline_text_length >= 0)", "The field 'Shortest Result Text' cannot be negative."
    )
    _discipline_spot_count_check = models.Constraint(
        "CHECK(discipline_spot_count BETWEEN 0 AND 20)",
        "The field 'Spot Checks a Week' has to be between 0 (none) and 20.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    discipline_signals_own = fields.Boolean(related="company_id.discipline_signals_own", readonly=False)
    discipline_text_length = fields.Integer(related="company_id.discipline_text_length", readonly=False)
    discipline_allowed_texts = fields.Text(related="company_id.discipline_allowed_texts", readonly=False)
    discipline_spot_count = fields.Integer(related="company_id.discipline_spot_count", readonly=False)
