from contextlib import suppress

from psycopg2.extras import Json

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import MissingError
from odoo.tools import SQL

from ..tools.periods import local_date

# what decides whether, whose and until when an activity is open
SPAN_FIELDS = ("active", "user_id", "date_deadline", "res_id", "res_model_id")
STAMPS = ("done_at", "done_by", "open_since", "postponed_count")


class MailActivity(models.Model):
    """Activities tell the ledger when they are done, undone, postponed or deleted, however that comes about:
    all roads of Odoo end in `create`, `write` or `unlink`."""

    _inherit = "mail.activity"

    done_at = fields.Datetime(
        "Done on", readonly=True, copy=False, help="The server's stamp; nobody can set it."
    )
    done_by = fields.Many2one("res.users", readonly=True, copy=False, ondelete="set null")
    open_since = fields.Datetime(
        readonly=True, copy=False, help="Since when owner and due date hold; since the creation if empty."
    )
    postponed_count = fields.Integer(
        "Postponed", readonly=True, copy=False, help="How often the due date was moved when it had come."
    )

    # the few open ones among years of done ones, spelled as the ORM does
    _open_idx = models.Index("(user_id, date_deadline) WHERE active IS TRUE")

    @api.model_create_multi
    def create(self, vals_list):
        self.env["discipline.span"]._check_stamps(self, STAMPS, vals_list)
        now = fields.Datetime.now()
        stamps = {
            "open_since": now,
            "done_at": False,
            "done_by": False,
            "postponed_count": 0,
        }  # whatever the defaults
        activities = super().create([{**vals, **stamps} for vals in vals_list])
        done = activities.filtered(lambda activity: not activity.active)
        if done:
            explicit = {
                activity
                for activity, vals in zip(activities, vals_list, strict=True)
                if vals.get("date_done")
            }
            for activity in done:
                if activity not in explicit or activity.date_done == now.date():
                    super(MailActivity, activity).write({"done_at": now})
            self.env["discipline.fact"].sudo()._capture("activity_done", done.ids)
        return activities

    def write(self, vals):
        self.env["discipline.span"]._check_stamps(self, STAMPS, [vals])
        facts = self.env["discipline.fact"].sudo()
        if not any(name in vals for name in SPAN_FIELDS) or facts._is_silent():
            return super().write(vals)
        now = fields.Datetime.now()
        changed = self.filtered(lambda activity: activity._is_span_changed(vals))
        spans = changed._prepare_spans(now)
        moved = changed._filter_postponed(vals, now)
        events = moved._prepare_postponed(vals)
        stamps = {"open_since": now}
        if "active" in vals:
            stamps["done_at"] = now if not vals["active"] else False
            stamps["done_by"] = self.env.uid if not vals["active"] and self.env.uid != SUPERUSER_ID else False
        res = super(MailActivity, self - changed).write(vals) if self - changed else True
        if changed:
            res = super(MailActivity, changed).write({**vals, **stamps})
        self.env["discipline.span"].sudo()._append(spans)
        facts._append_event("activity_postponed", events)
        moved._count_postponed()
        if "active" in vals:
            facts._capture("activity_done", changed.ids)
        return res

    def unlink(self):
        active = self.filtered("active")
        if active:
            now = fields.Datetime.now()
            self.env["discipline.span"].sudo()._append(active._prepare_spans(now))
            events = [activity._prepare_event() for activity in active]
            self.env["discipline.fact"].sudo()._append_event("activity_cancelled", events)
        return super().unlink()

    # ------------------------------------------------------------
    # Helpers
    # ------------------------------------------------------------

    def _is_span_changed(self, vals) -> bool:
        """Whether writing `vals` changes if, whose or until when this activity is open."""
        self.ensure_one()
        for name in SPAN_FIELDS:
            if name in vals:
                field = self._fields[name]
                new = field.convert_to_record(field.convert_to_cache(vals[name], self), self)
                if new != self[name]:
                    return True
        return False

    def _prepare_spans(self, now) -> list[tuple]:
        """The spans of the open ones among these that end at `now`, as `discipline.span._append` takes them."""
        return [
            (
                "activity",
                activity.id,
                activity.res_id if activity.res_model == "crm.lead" else None,
                activity.user_id.id or None,
                activity._get_fact_company().id,
                activity.date_deadline,
                activity.open_since or activity.create_date,
                now,
            )
            for activity in self.sudo()
            if activity.active
        ]

    def _filter_postponed(self, vals, now):
        """Those whose due date has come, in the assignee's time zone, and is moved later by `vals`."""
        deadline = fields.Date.to_date(vals.get("date_deadline"))
        if not deadline:
            return self.browse()
        return self.filtered(
            lambda activity: (
                activity.active
                and activity.date_deadline < deadline
                and activity.date_deadline <= local_date(now, activity.user_id.sudo().tz or "UTC")
            )
        )

    def _prepare_postponed(self, vals) -> list[dict]:
        return [
            {**activity._prepare_event(), "details": Json({"to": str(vals["date_deadline"])})}
            for activity in self
        ]

    def _count_postponed(self):
        if self:
            self.flush_recordset(["postponed_count"])
            query = (
                "UPDATE mail_activity SET postponed_count = COALESCE(postponed_count, 0) + 1 WHERE id IN %s"
            )
            self.env.cr.execute(SQL(query, tuple(self.ids)))
            self.invalidate_recordset(["postponed_count"])

    def _prepare_event(self) -> dict:
        """Values of a fact about this activity as it is before it changes."""
        self.ensure_one()
        activity = self.sudo()
        user = activity.user_id if self.env.uid == SUPERUSER_ID else self.env.user
        document = (
            self.env[activity.res_model].sudo().browse(activity.res_id).exists()
            if activity.res_model
            else None
        )
        partner = (
            document["partner_id"] if document is not None and "partner_id" in document._fields else None
        )
        return {
            "source_id": activity.id,
            "user_id": user.id or None,
            "team_id": user.sale_team_id.id or None,
            "company_id": activity._get_fact_company().id,
            "partner_id": partner.commercial_partner_id.id or None if partner else None,
            "activity_type_id": activity.activity_type_id.id or None,
            "res_model": activity.res_model or None,
            "res_id": activity.res_id or None,
            "res_name": activity.res_name or None,
            "deadline": activity.date_deadline,
        }

    def _get_fact_company(self):
        """The company of the document if it has one, else the assignee's, else the current one."""
        self.ensure_one()
        company = self.env["res.company"]
        if self.res_model in ("crm.lead", "sale.order"):
            document = self.env[self.res_model].sudo().browse(self.res_id)
            with suppress(MissingError):
                company = document.company_id  # in memory, as a rule
        return company or self.user_id.sudo().company_id or self.env.company


class DisciplineFact(models.Model):
    _inherit = "discipline.fact"

    @api.model
    def _sql_happened(self, kind, origin, now):
        # the activity carries the stamp itself, and an imported one its own date
        if kind == "activity_done":
            return SQL("s.happened_at")
        return super()._sql_happened(kind, origin, now)

    @api.model
    def _select_activity_done(self, ids, origin):
        """Archived activities: in Odoo 19 'done' and 'archived' are one."""
        stamped = self.env["mail.activity"]
        if origin == "live":
            stamped = stamped.browse(ids).filtered(lambda activity: activity.active or activity.done_at)
        in_memory = origin == "live" and len(stamped) == len(ids)
        return SQL(
            """
            SELECT a.id AS source_id, a.user_id, %(team)s AS team_id,
                   COALESCE(ld.company_id, so.company_id, u.company_id, %(company)s) AS company_id,
                   COALESCE(p.commercial_partner_id, p.id) AS partner_id, a.activity_type_id, a.res_model, a.res_id,
                   a.res_name, a.deadline, a.happened_at, CASE WHEN a.active THEN 0 ELSE 1 END AS quantity, 0.0 AS amount,
                   CASE WHEN a.feedback IS NOT NULL THEN jsonb_build_object('text', md5(a.feedback)) END AS details
              FROM %(activities)s
              LEFT JOIN crm_lead ld ON a.res_model = 'crm.lead' AND ld.id = a.res_id
              LEFT JOIN sale_order so ON a.res_model = 'sale.order' AND so.id = a.res_id
              LEFT JOIN res_partner p ON p.id = COALESCE(ld.partner_id, so.partner_id,
                                                         CASE WHEN a.res_model = 'res.partner' THEN a.res_id END)
              LEFT JOIN res_users u ON u.id = a.user_id
            """,
            team=self._sql_team_of(SQL("a.user_id")),
            company=self.env.company.id,
            activities=self._sql_stamped_activities(stamped)
            if in_memory
            else self._sql_stored_activities(ids),
        )

    @api.model
    def _sql_stamped_activities(self, activities) -> SQL:
        """These activities as they are in memory, which carry the server's stamp: so they need not be written to
        the database in the middle of what is being done."""
        rows = [
            SQL(
                "(%s, %s, %s::int4, %s::int4, %s::varchar, %s::int4, %s::varchar, %s::date, %s::text, %s::timestamp)",
                activity.id,
                activity.active,
                activity.done_by.id or activity.user_id.id or None,
                activity.activity_type_id.id or None,
                activity.res_model or None,
                activity.res_id or None,
                activity.res_name or None,
                activity.date_deadline,
                activity.feedback or None,
                activity.done_at or fields.Datetime.now(),
            )
            for activity in activities
        ]
        return SQL(
            "(VALUES %s) AS a(id, active, user_id, activity_type_id, res_model, res_id, res_name, deadline, feedback,"
            " happened_at)",
            SQL(", ").join(rows),
        )

    @api.model
    def _sql_stored_activities(self, ids) -> SQL:
        """Activities as they are in the database.

        Before this addon there was no stamp: the last write tells moment and doer if it was on the day that
        the activity was done (UTC, as Odoo dates it), else the message that Odoo posted, else noon.
        """
        self.env["mail.activity"].flush_model()
        return SQL(
            """
            (SELECT b.id, b.active, COALESCE(b.done_by, CASE WHEN b.done_at IS NOT NULL OR b.active THEN NULL
                       WHEN b.write_date::date = b.date_done THEN NULLIF(b.write_uid, 1)
                       ELSE said.user_id END, b.user_id) AS user_id,
                   b.activity_type_id, b.res_model, b.res_id, b.res_name, b.date_deadline AS deadline, b.feedback,
                   COALESCE(b.done_at, CASE WHEN b.write_date::date = b.date_done THEN b.write_date
                       ELSE said.date END, b.date_done + time '12:00', b.write_date) AS happened_at
              FROM mail_activity b
              LEFT JOIN LATERAL (
                   SELECT m.date, mu.id AS user_id
                     FROM mail_message m
                     LEFT JOIN res_users mu ON mu.partner_id = m.author_id AND mu.id <> 1
                    WHERE b.done_at IS NULL AND b.write_date::date <> b.date_done
                      AND m.model = b.res_model AND m.res_id = b.res_id
                      AND m.mail_activity_type_id = b.activity_type_id AND m.date::date = b.date_done
                    ORDER BY m.id LIMIT 1
                   ) said ON TRUE
             WHERE %s) AS a
            """,
            self._sql_ids(SQL("b.id"), ids),
        )
