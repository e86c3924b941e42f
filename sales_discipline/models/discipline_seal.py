from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import sealing

# too long to be written down, and of interest as a whole only
DIGESTED = {"record_ids"}


class DisciplineSealKept(models.AbstractModel):
    """Set by the program in SQL alone; refused for everybody else."""

    _name = "discipline.seal.mixin"
    _description = "Seal That Is Kept"

    @api.model_create_multi
    def create(self, vals_list):
        """Refused for everybody: seals are appended by `_append` alone."""
        raise UserError(self.env._("Seals are set by the system; nobody can add one by hand."))

    def write(self, vals):
        """Refused for everybody."""
        raise UserError(self.env._("A seal cannot be changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A seal cannot be deleted."))


class DisciplineSeal(models.Model):
    """Proof that a frozen card is what it was: everything it holds, as text, with a hash over that text and the
    person's seal before. One is appended when a card is frozen and whenever a leader's decision changes it; to change
    a number behind the program's back and stay unseen, all later seals of the person would have to be forged too.

    Appended by `_append` alone, in one statement for any number of cards; compared by `_verify`.
    """

    _name = "discipline.seal"
    _inherit = ["discipline.seal.mixin"]
    _description = "Seal of a Scorecard"
    _order = "employee_id, number desc"
    _rec_name = "hash"
    _log_access = False

    scorecard_id = fields.Many2one("discipline.scorecard", readonly=True, index=True, ondelete="set null")
    employee_id = fields.Many2one("hr.employee", required=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    date_from = fields.Date("Date", required=True, readonly=True, help="The first day of the scorecard.")
    number = fields.Integer(
        required=True, readonly=True, aggregator=None, help="Position in the person's chain of seals."
    )
    what = fields.Selection(
        [
            ("frozen", "Frozen"),
            ("adjusted", "Adjusted"),
            ("excused", "Excused"),
            ("reinstated", "Counted Again"),
            ("upgraded", "Sealed at Upgrade"),
        ],
        "Reason",
        required=True,
        readonly=True,
    )
    sealed_at = fields.Datetime("Sealed on", required=True, readonly=True)
    user_id = fields.Many2one("res.users", "Sealed by", readonly=True, ondelete="restrict")
    content = fields.Text(
        required=True, readonly=True, help="Everything that the card held, in a fixed order."
    )
    previous_hash = fields.Char(readonly=True, help="The person's seal before; empty for the first.")
    hash = fields.Char("Seal", required=True, readonly=True, help="SHA-256 of all of this.")

    _once = models.Constraint("UNIQUE(employee_id, number)", "A person's seals are numbered one by one.")

    @api.model
    def _append(self, card_ids: list[int], what: str) -> None:
        """Seal these cards as they stand, in the order of their dates, each chained to the person's seal before.

        :param what: a key of the field `what`
        """
        if not card_ids:
            return
        self.env["discipline.scorecard"].flush_model()
        self.env["discipline.scorecard.line"].flush_model()
        stamps = (what, fields.Datetime.now(), self.env.uid)
        # who seals cards of the same person at the same time meets at the head and is sent back to try again
        self.env.cr.execute(
            SQL(
                """
                WITH RECURSIVE card AS MATERIALIZED (
                    SELECT c.id, c.employee_id, c.company_id, c.date_from, h.number, h.hash, %(content)s AS content,
                           ROW_NUMBER() OVER (PARTITION BY c.employee_id ORDER BY c.date_from, c.id) AS place
                      FROM discipline_scorecard c
                      LEFT JOIN discipline_seal_head h ON h.employee_id = c.employee_id
                     WHERE c.id = ANY(%(ids)s)
                ), seal AS (
                    SELECT id, employee_id, company_id, date_from, place, content, COALESCE(number, 0) AS number,
                           COALESCE(hash, '') AS previous, %(first)s AS hash
                      FROM card WHERE place = 1
                     UNION ALL
                    SELECT card.id, card.employee_id, card.company_id, card.date_from, card.place, card.content,
                           seal.number, seal.hash, %(next)s
                      FROM seal JOIN card ON card.employee_id = seal.employee_id AND card.place = seal.place + 1
                ), stored AS (
                    INSERT INTO discipline_seal (scorecard_id, employee_id, company_id, date_from, number, what,
                                                 sealed_at, user_id, content, previous_hash, hash)
                    SELECT id, employee_id, company_id, date_from, number + place, %(stamps)s, content,
                           NULLIF(previous, ''), hash
                      FROM seal ORDER BY employee_id, place
                )
                INSERT INTO discipline_seal_head AS h (employee_id, number, hash)
                SELECT DISTINCT ON (employee_id) employee_id, number + place, hash
                  FROM seal ORDER BY employee_id, place DESC
                    ON CONFLICT (employee_id) DO UPDATE SET number = excluded.number, hash = excluded.hash
                """,
                ids=list(card_ids),
                content=self._sql_content(SQL("c")),
                stamps=SQL("%s, %s::timestamp, %s", *stamps),
                first=self._sql_hash(SQL("COALESCE(hash, '')"), *stamps, SQL("content")),
                next=self._sql_hash(SQL("seal.hash"), *stamps, SQL("card.content")),
            )
        )
        self.invalidate_model()

    @api.model
    def _sql_hash(self, previous: SQL, what, sealed_at, user_id, content: SQL) -> SQL:
        """The hash of a seal, over what it says and the hash of the person's seal before ('' if there is none)."""
        return SQL(
            "encode(sha256(convert_to(concat_ws('|', %s, %s::text, to_char(%s::timestamp, 'YYYY-MM-DD HH24:MI:SS'),"
            " %s::text, %s), 'UTF8')), 'hex')",
            previous,
            what,
            sealed_at,
            user_id,
            content,
        )

    @api.model
    def _sql_content(self, card: SQL, version: int = sealing.CURRENT) -> SQL:
        """Everything that is frozen of the card with that alias, as text: JSON, so that numbers, dates and nothing
        at all read the same whatever the settings of the session."""
        card_names, line_names = sealing.FORMATS[version]
        return SQL(
            "'[' || %(version)s || ', ' || json_build_array(%(card)s)::text || ', [' || COALESCE((SELECT"
            " string_agg(json_build_array(%(line)s)::text, ', ' ORDER BY l.id) FROM discipline_scorecard_line l"
            " WHERE l.scorecard_id = %(alias)s.id), '') || ']]'",
            version=str(version),
            alias=card,
            card=self._sql_values(card, card_names),
            line=self._sql_values(SQL("l"), line_names),
        )

    @api.model
    def _sql_values(self, alias: SQL, names) -> SQL:
        columns = [SQL("%s.%s", alias, SQL.identifier(name)) for name in names]
        return SQL(", ").join(
            SQL("md5(%s::text)", column) if name in DIGESTED else column
            for name, column in zip(names, columns, strict=True)
        )


class DisciplineSealHead(models.Model):
    """The last seal of each person: where the next one is chained to, and how many there have to be."""

    _name = "discipline.seal.head"
    _inherit = ["discipline.seal.mixin"]
    _description = "Last Seal of a Person"
    _rec_name = "employee_id"
    _log_access = False

    employee_id = fields.Many2one("hr.employee", required=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one(related="employee_id.company_id")
    number = fields.Integer(required=True, readonly=True, aggregator=None)
    hash = fields.Char("Seal", required=True, readonly=True)

    _once = models.Constraint("UNIQUE(employee_id)", "A person has one chain of seals.")
