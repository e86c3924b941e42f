from odoo import api, fields, models
from odoo.tools import SQL

from .crm_stage import FILLABLE

QUEUE = "discipline.fill"
# what decides, beside the fields themselves, which fields an opportunity has to tell
CONDITIONS = {"stage_id", "team_id", "type"}


class CrmLead(models.Model):
    """How many of the fields that an opportunity's stage wants are filled in.

    Counted by one rule in SQL, at the end of the transaction in which any of them changed (also by a computation),
    in one statement for all records; like whose and whether open, what held until then becomes a span.
    """

    _inherit = "crm.lead"

    discipline_filled = fields.Integer(
        "Fields Filled In", readonly=True, copy=False, help="Of those that the stage wants."
    )
    discipline_required = fields.Integer(
        "Fields to Fill In",
        readonly=True,
        copy=False,
        help="How many fields this stage and those before it want.",
    )
    discipline_missing = fields.Char(
        "Still to Fill In",
        compute="_compute_discipline_missing",
        help="Fields that the opportunity's stage wants to be filled in.",
    )

    @api.depends("stage_id", "team_id", "type")
    def _compute_discipline_missing(self):
        self.discipline_missing = False
        wanted = {field_id: name for name, field_id in self.env["crm.stage"]._get_fill_fields().items()}
        leads = self._origin
        if not (wanted and leads):
            return
        self.env["crm.lead"].flush_model()
        query = SQL("SELECT id, missing FROM (%s) AS n WHERE missing IS NOT NULL", self._sql_fill(leads.ids))
        missing = dict(self.env.execute_query(query))
        for lead in self:
            names = [wanted[field_id] for field_id in missing.get(lead._origin.id, ())]
            labels = [self._fields[name]._description_string(self.env) for name in names]
            lead.discipline_missing = ", ".join(sorted(labels)) or False

    @api.model_create_multi
    def create(self, vals_list):
        self.env["discipline.span"]._check_stamps(
            self, ["discipline_filled", "discipline_required"], vals_list
        )
        counts = {"discipline_filled": 0, "discipline_required": 0}  # whatever the defaults
        leads = super().create([{**vals, **counts} for vals in vals_list])
        if self.env["crm.stage"]._get_fill_fields():
            self._queue_fill(leads.ids)
        return leads

    def write(self, vals):
        self.env["discipline.span"]._check_stamps(self, ["discipline_filled", "discipline_required"], [vals])
        res = super().write(vals)
        if self.env["crm.stage"]._get_fill_fields().keys() & vals.keys():  # those that have no column as well
            self._queue_fill(self.ids)
        return res

    def _write_multi(self, vals_list):
        res = super()._write_multi(vals_list)
        wanted = self.env["crm.stage"]._get_fill_fields()
        if wanted and not all((CONDITIONS | wanted.keys()).isdisjoint(vals) for vals in vals_list):
            self._queue_fill(self.ids)
        return res

    # ------------------------------------------------------------
    # Counting
    # ------------------------------------------------------------

    @api.model
    def _queue_fill(self, ids) -> None:
        """Have opportunities counted before the transaction is committed; all that are open if `ids` is None."""
        if self.env["discipline.fact"]._is_silent():
            return
        precommit = self.env.cr.precommit
        if QUEUE not in precommit.data:
            precommit.data[QUEUE] = set()
            precommit.add(self.env["crm.lead"].sudo()._count_queued_fill)
        queue = precommit.data[QUEUE]
        if ids is None:
            precommit.data[QUEUE] = None
        elif queue is not None:
            queue.update(ids)

    @api.model
    def _count_queued_fill(self) -> None:
        ids = self.env.cr.precommit.data.pop(QUEUE, set())
        if ids is None or ids:
            self._count_fill(ids)

    @api.model
    def _count_fill(self, ids=None, history: bool = False) -> int:
        """Count the fields of opportunities anew, and write down what held until now; return how many changed.

        :param ids: all that are open if None
        :param history: the past is being filled in: what is found has held since ever, also of those closed
        """
        self.env.flush_all()
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                """
                WITH diff AS (
                    SELECT ld.id, ld.user_id, COALESCE(ld.company_id, u.company_id, %(company)s) AS company_id,
                           COALESCE(ld.open_since, ld.date_conversion, ld.create_date) AS since,
                           ld.discipline_filled AS was_filled, ld.discipline_required AS was_required,
                           n.filled, n.required,
                           ld.active AND ld.won_status = 'pending' AND NOT %(history)s AS respan
                      FROM (%(counted)s) n
                      JOIN crm_lead ld ON ld.id = n.id
                      LEFT JOIN res_users u ON u.id = ld.user_id
                     WHERE COALESCE(ld.discipline_filled, 0) <> n.filled
                        OR COALESCE(ld.discipline_required, 0) <> n.required
                ), ended AS (
                    INSERT INTO discipline_span (kind, res_id, user_id, company_id, filled, required, date_from, date_to)
                    SELECT 'opportunity', id, user_id, company_id, was_filled, was_required, since, %(now)s::timestamp
                      FROM diff WHERE respan AND since < %(now)s)
                UPDATE crm_lead ld
                   SET discipline_filled = diff.filled, discipline_required = diff.required,
                       open_since = CASE WHEN diff.respan THEN %(now)s::timestamp ELSE ld.open_since END
                  FROM diff WHERE diff.id = ld.id
                """,
                company=self.env.company.id,
                history=history,
                counted=self._sql_fill(ids, closed=history or ids is not None),
                now=now,
            )
        )
        count = self.env.cr.rowcount
        if count:
            self.invalidate_model(
                ["discipline_filled", "discipline_required", "discipline_missing", "open_since"]
            )
        return count

    @api.model
    def _sql_fill(self, ids=None, closed: bool = True) -> SQL:
        """SELECT of (id, required, filled, missing) of opportunities: how many fields their stage, and those before
        it in the pipeline of their team, want; how many of these are filled in; ids of those that are not."""
        wanted = self.env["crm.stage"]._get_fill_fields()
        cases = [
            SQL("WHEN %s THEN %s", field_id, self._sql_is_filled(self._fields[name]))
            for name, field_id in wanted.items()
        ]
        is_filled = SQL("CASE r.field_id %s END", SQL(" ").join(cases)) if cases else SQL("FALSE")
        return SQL(
            """
            SELECT ld.id, COUNT(DISTINCT r.field_id) AS required, COUNT(DISTINCT r.field_id) FILTER (WHERE %(filled)s) AS filled,
                   ARRAY_AGG(DISTINCT r.field_id) FILTER (WHERE r.field_id IS NOT NULL AND NOT %(filled)s) AS missing
              FROM crm_lead ld
              JOIN crm_stage st ON st.id = ld.stage_id
              LEFT JOIN (
                   SELECT rel.stage_id, rel.field_id, s.sequence,
                          (SELECT ARRAY_AGG(t.crm_team_id) FROM crm_stage_crm_team_rel t WHERE t.crm_stage_id = s.id) AS teams
                     FROM discipline_stage_field_rel rel JOIN crm_stage s ON s.id = rel.stage_id
                    WHERE rel.field_id = ANY(%(wanted)s)
                   ) r ON r.stage_id = st.id
                       OR (r.sequence, r.stage_id) < (st.sequence, st.id) AND (r.teams IS NULL OR ld.team_id = ANY(r.teams))
             WHERE ld.type = 'opportunity' AND %(ids)s AND %(open)s
             GROUP BY ld.id
            """,
            filled=is_filled,
            wanted=list(wanted.values()),
            ids=SQL("TRUE") if ids is None else SQL("ld.id = ANY(%s)", list(ids)),
            open=SQL("TRUE") if closed else SQL("ld.active AND ld.won_status = 'pending'"),
        )

    @api.model
    def _is_fillable(self, field) -> bool:
        """Whether the database can tell whether somebody filled in this field."""
        return bool(
            field.type in FILLABLE
            and field.store
            and not (field.readonly or field.company_dependent or field.translate)
        )

    @api.model
    def _sql_is_filled(self, field) -> SQL:
        """Whether a field of the lead `ld` is filled in: never NULL."""
        if field.type == "many2many":
            return SQL(
                "EXISTS (SELECT 1 FROM %s m WHERE %s = ld.id)",
                SQL.identifier(field.relation),
                SQL.identifier("m", field.column1),
            )
        column = SQL.identifier("ld", field.name)
        if field.type in ("integer", "float", "monetary"):
            return SQL("COALESCE(%s, 0) <> 0", column)
        if field.type == "html":  # an empty paragraph is nothing, a picture is something
            text = SQL("regexp_replace(%s, '<(?!img)[^>]*>|&nbsp;|\\s', '', 'gi')", column)
            return SQL("COALESCE(%s, '') <> ''", text)
        if field.type in ("char", "text"):
            return SQL("COALESCE(BTRIM(%s), '') <> ''", column)
        return SQL("%s IS NOT NULL", column)
