from datetime import timedelta

from odoo import api, fields, models

MOMENT = timedelta(minutes=1)
PENDING = "discipline.leads"  # key in the data of the transaction, which ends with it
TRACKED = {"type", "user_id", "active", "stage_id", "probability", "company_id", "expected_revenue"}
# whose computation may be under way when Odoo stores something else
STATE = ("type", "user_id", "active", "won_status", "probability", "company_id", "expected_revenue")


class Changes:
    """What leads were like before this transaction changed them, until the ledger is told.

    `before` is the state by id, `by` who changes them (ids of user and company) and `now` when that began (UTC): what
    somebody else does in the same transaction, or more than a MOMENT later, is told apart. `writing` counts the calls
    of `write` that are under way; `late` says that something was stored meanwhile; `telling`, that the ledger is told.
    """

    __slots__ = ("before", "by", "late", "now", "telling", "writing")

    def __init__(self):
        self.before: dict[int, dict] = {}
        self.by = self.now = None
        self.writing = 0
        self.late = self.telling = False


class CrmLead(models.Model):
    """Tells the ledger of changes when Odoo stores them, for all leads in one go.

    Looking at once what a change means would make Odoo compute probabilities lead by lead, and take a statement for
    each: converting or assigning many would cost as many statements more as there are leads.
    """

    _inherit = "crm.lead"

    def write(self, vals):
        self.env["discipline.span"]._check_stamps(self, ["open_since"], [vals])
        if not TRACKED.intersection(vals) or self.env["discipline.fact"]._is_silent():
            return super().write(vals)
        changes = self._begin_changes()
        try:
            res = super().write(vals)
        finally:
            changes.writing -= 1
        if changes.late:
            self._tell_changes()
        return res

    def unlink(self):
        changes = self.env.cr.precommit.data.get(PENDING)
        if changes and not changes.before.keys().isdisjoint(self.ids):
            self._tell_changes()
        return super().unlink()

    @api.model
    def _flush(self):
        # every road to the database ends here: Odoo's own, and that of whoever reads the ledger
        changes = self.env.cr.precommit.data.get(PENDING)
        if not changes or not changes.before:
            return super()._flush()
        if changes.writing or self._is_computing(changes.before):
            changes.late = True
            return super()._flush()
        before, changes.before, changes.late = changes.before, {}, False
        user_id, company_id = changes.by
        leads = self.with_user(user_id).with_company(company_id).sudo().browse(before)
        after = {lead.id: lead._get_discipline_state() for lead in leads}
        spans = leads._end_spans(before, after, changes.now)
        super()._flush()
        self.env["discipline.span"].sudo()._append(spans)
        changes.telling = True
        try:
            leads._record_changes(before, after)
        finally:
            changes.telling = False
        return None

    @api.model
    def _tell_changes(self) -> None:
        """Tell the ledger what it was not told yet in this transaction."""
        changes = self.env.cr.precommit.data.get(PENDING)
        if changes and changes.before:
            self.env["crm.lead"]._flush()

    def _begin_changes(self) -> Changes:
        """Note what these are like before they change. The caller counts `writing` down."""
        precommit = self.env.cr.precommit
        changes = precommit.data.get(PENDING)
        if not changes:
            changes = precommit.data[PENDING] = Changes()
            precommit.add(self.env["crm.lead"]._tell_changes)
        if not changes.writing:
            by, now = (self.env.uid, self.env.company.id), fields.Datetime.now()
            if changes.before and (by != changes.by or abs(now - changes.now) > MOMENT):
                self._tell_changes()
            if not changes.before:
                changes.by, changes.now = by, now
        for lead in self.sudo():
            if lead.id not in changes.before:
                changes.before[lead.id] = lead._get_discipline_state()
        changes.writing += 1
        return changes

    @api.model
    def _is_computing(self, ids) -> bool:
        """Whether what decides the state of some of these leads is being computed or written right now."""
        return any(not ids.keys().isdisjoint(self.env.protected(self._fields[name])._ids) for name in STATE)


class DisciplineFact(models.Model):
    _inherit = "discipline.fact"

    @api.model
    def _get_now(self):
        changes = self.env.cr.precommit.data.get(PENDING)
        return changes.now if changes and changes.telling else super()._get_now()

    @api.private
    def flush_model(self, fnames=None):
        """Whoever reads the ledger finds in it what this transaction did to leads."""
        self.env["crm.lead"]._tell_changes()
        return super().flush_model(fnames)


class DisciplineSpan(models.Model):
    _inherit = "discipline.span"

    @api.private
    def flush_model(self, fnames=None):
        """As for the ledger."""
        self.env["crm.lead"]._tell_changes()
        return super().flush_model(fnames)
