from contextlib import suppress

from psycopg2.extras import Json

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import MissingError
from odoo.tools import SQL

from ..tools.periods import local_date

# what decides whether, whose and until when an activity is open
SPAN_FIELDS = ("active", "user_id", "date_deadline", "res_id", "res_model_id")
STAMPS = ("done_at", "done_by", "open_since", "postponed_count")
DOCUMENTS = ("crm.lead", "sale.order")  # those that tell the company and the customer

FEEDBACK = "discipline_feedback"  # key in the cache of the cursor, which nothing from outside gets at


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
            done._capture_done()
        activities._notify_planned()
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
        handed = changed._prepare_handed_over(vals, now)
        stamps = {"open_since": now}
        if "active" in vals:
            stamps["done_at"] = now if not vals["active"] else False
            stamps["done_by"] = self.env.uid if not vals["active"] and self.env.uid != SUPERUSER_ID else False
        res = super(MailActivity, self - changed).write(vals) if self - changed else True
        if changed:
            res = super(MailActivity, changed).write({**vals, **stamps})
        facts._append_event("activity_postponed", events)
        facts._append_event("activity_handed_over", handed)
        moved._count_postponed()
        if "active" in vals:
            changed._capture_done(spans)
        else:
            self.env["discipline.span"].sudo()._append(spans)
        return res

    def unlink(self):
        active = self.filtered("active")
        if active:
            now = fields.Datetime.now()
            self.env["discipline.span"].sudo()._append(active._prepare_spans(now))
            events = [{**activity._prepare_event(), **activity._prepare_own()} for activity in active]
            self.env["discipline.fact"].sudo()._append_event("activity_cancelled", events)
        return super().unlink()

    def _action_done(self, feedback=False, attachment_ids=None):
        # Odoo stores the result text after the activity is done, and the ledger takes note before
        cache = self.env.cr.cache
        before = cache.get(FEEDBACK)
        cache[FEEDBACK] = (self._ids, feedback)
        try:
            return super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        finally:
            cache[FEEDBACK] = before

    # ------------------------------------------------------------
    # Helpers
    # ------------------------------------------------------------

    def _capture_done(self, spans=()):
        """Tell the ledger that these were done or undone, which spans that ends, and which leads were touched by it."""
        facts = self.env["discipline.fact"].sudo()
        facts._capture("activity_done", self.ids, spans=spans)
        touching = self.filtered(lambda activity: activity.res_model == "crm.lead" and not activity.active)
        facts._capture_touch("activity", {activity.id: activity.res_id for activity in touching})

    def _notify_planned(self):
        """A deal that has a next step from now on is one less without: Odoo says so only of what is due."""
        steps = self.filtered(lambda activity: activity.active and activity.res_model == "crm.lead")
        self.env["discipline.fact"]._notify_counted(steps.user_id.sudo().partner_id.ids)

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
                None,
                None,
                activity.open_since or activity.create_date,
                now,
            )
            for activity in self.sudo()
            if activity.active
        ]

    def _filter_postponed(self, vals, now):
        """Those whose due date has come and is moved later by `vals`."""
        deadline = fields.Date.to_date(vals.get("date_deadline"))
        if not deadline:
            return self.browse()
        return self.filtered(lambda activity: activity._is_due(now) and activity.date_deadline < deadline)

    @api.model
    def _sql_owner_today(self, activity: SQL) -> SQL:
        """The day that it is now where the owner of an activity (the table's alias) works."""
        now = fields.Datetime.now()
        return SQL(
            "(%s::timestamp AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(%s.user_tz, 'UTC'))::date", now, activity
        )

    @api.model
    def _sql_is_overdue(self, activity: SQL, day: SQL) -> SQL:
        """That an activity (the table's alias) is open now and was due before that day."""
        return SQL(
            "%(activity)s.active IS TRUE AND %(activity)s.date_deadline < %(day)s", activity=activity, day=day
        )

    def _is_due(self, now) -> bool:
        """Whether it is open and its due date has come, in the assignee's time zone."""
        zone = self.user_id.sudo().tz or "UTC"
        return self.active and self.date_deadline <= local_date(now, zone)

    def _prepare_postponed(self, vals) -> list[dict]:
        return [
            {**activity._prepare_event(), "details": Json({"to": str(vals["date_deadline"])})}
            for activity in self
        ]

    def _prepare_handed_over(self, vals, now) -> list[dict]:
        """Facts of those that `vals` gives to somebody else when they are due."""
        if "user_id" not in vals:
            return []
        return [
            {**activity._prepare_event(), **activity._prepare_own(to_user=vals["user_id"] or None)}
            for activity in self
            if activity.user_id.id != vals["user_id"] and activity._is_due(now)
        ]

    def _prepare_own(self, **details) -> dict:
        """The details of a fact about getting rid of it: whether whoever had it did that."""
        return {"details": Json({**details, "own": self.user_id.id == self.env.uid})}

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

    def _get_fact_company(self, user=None):
        """The company of the document if it has one, else of `user` (the assignee by default), else the current."""
        self.ensure_one()
        company = self.env["res.company"]
        if self.res_model in DOCUMENTS:
            with suppress(MissingError):
                company = self._get_document().company_id
        return company or (user or self.user_id).sudo().company_id or self.env.company

    def _get_fact_partner_id(self) -> int | None:
        """Id of the document's customer, of whom the ledger takes the company."""
        self.ensure_one()
        partner_id = self.res_id if self.res_model == "res.partner" else None
        if self.res_model in DOCUMENTS:
            with suppress(MissingError):
                partner_id = self._get_document().partner_id.id
        return partner_id or None

    def _get_document(self):
        # mostly in memory already: whether it still exists shows when it is read
        return self.env[self.res_model].sudo().browse(self.res_id)
