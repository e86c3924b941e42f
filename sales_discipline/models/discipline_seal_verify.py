from datetime import date

from odoo import api, models
from odoo.tools import SQL

from ..tools import sealing

BATCH = 200  # people a statement
RANKS = ("changed", "deleted", "unsealed", "chain")  # what is said first of one day
FORGED = (ValueError, KeyError, IndexError, TypeError, AttributeError)  # of a content that no seal ever had


class DisciplineSeal(models.Model):
    """Whether frozen cards are what they were sealed as, and the seals themselves what they were."""

    _inherit = "discipline.seal"

    @api.model
    def _verify(self, employees, date_from=None, date_to=None) -> dict:
        """Hold all frozen cards of these people against their seals, and their seals against each other.

        :param date_from: cards that begin on this day or later; of any day if None. Chains are looked at whole
        :return: `{"cards": number of cards held against their seals, "people": number of chains, "findings": list}`;
            findings are dicts as `_prepare_finding` makes them, the first in time first
        """
        self.env["discipline.scorecard"].flush_model()
        self.env["discipline.scorecard.line"].flush_model()
        cards, findings = 0, []
        for start in range(0, len(employees), BATCH):
            scope = SQL(
                "c.employee_id = ANY(%s) AND c.date_from BETWEEN %s AND %s",
                employees[start : start + BATCH].ids,
                date_from or date.min,
                date_to or date.max,
            )
            cards += self._verify_cards(scope, findings)
            self._verify_deleted(scope, findings)
            self._verify_decisions(scope, findings)
            self._verify_chain(employees[start : start + BATCH].ids, findings)
        findings.sort(
            key=lambda found: (found["date"] or date.max, found["employee_id"], RANKS.index(found["kind"]))
        )
        return {"cards": cards, "people": len(employees), "findings": findings}

    @api.model
    def _prepare_finding(self, kind, employee_id, day, card_id=None, differences=()) -> dict:
        """What was found wrong.

        :param kind: 'changed' (the card is not what was sealed), 'deleted' (only the seal is left), 'unsealed' (it
            was put in), 'chain' (the seals were changed, taken away or put in at this card)
        :param day: the first of the card; None if nothing is left that would say it
        :param differences: of a changed card, `sealing.Difference`
        """
        finding = {"kind": kind, "employee_id": employee_id, "date": day, "scorecard_id": card_id}
        return {**finding, "differences": list(differences)}

    @api.model
    def _verify_cards(self, scope: SQL, findings: list) -> int:
        """Cards that are not what their last seal says, or have none; returns how many were looked at."""
        for version in sealing.FORMATS:
            query = SQL(
                """
                SELECT s.employee_id, s.date_from, s.scorecard_id, s.sealed, s.stored
                  FROM (SELECT s.*, %(content)s AS stored
                          FROM (SELECT id, scorecard_id, employee_id, date_from, content AS sealed
                                  FROM discipline_seal c WHERE %(scope)s AND starts_with(content, %(start)s)) s
                          JOIN discipline_scorecard c ON c.id = s.scorecard_id
                         WHERE NOT EXISTS (SELECT 1 FROM discipline_seal n
                                            WHERE n.scorecard_id = s.scorecard_id AND n.id > s.id)) s
                 WHERE s.sealed <> s.stored
                """,
                content=self._sql_content(SQL("c"), version),
                scope=scope,
                start=f"[{version},",
            )
            for row in self.env.execute_query(query):
                self._add_changed(findings, *row)
        frozen = SQL("SELECT COUNT(*) FROM discipline_scorecard c WHERE c.state = 'frozen' AND %s", scope)
        query = SQL(
            "SELECT c.employee_id, c.date_from, c.id FROM discipline_scorecard c WHERE c.state = 'frozen' AND %s"
            " AND NOT EXISTS (SELECT 1 FROM discipline_seal s WHERE s.scorecard_id = c.id)",
            scope,
        )
        findings += [self._prepare_finding("unsealed", *row) for row in self.env.execute_query(query)]
        return self.env.execute_query(frozen)[0][0]

    @api.model
    def _add_changed(self, findings, employee_id, day, card_id, before, after, what=None) -> None:
        """Add how two contents of a card differ; `what` was decided between them, which explains some of it."""
        try:
            changes = sealing.differences(before, after)
        except FORGED:
            findings.append(self._prepare_finding("chain", employee_id, day, card_id))
            return
        changes = sealing.not_explained(what, changes) if what else changes
        if changes or not what:
            findings.append(self._prepare_finding("changed", employee_id, day, card_id, changes))

    @api.model
    def _verify_deleted(self, scope: SQL, findings: list) -> None:
        """Cards of which only the first seal is left."""
        query = SQL(
            "SELECT c.employee_id, c.date_from FROM discipline_seal c"
            " WHERE c.scorecard_id IS NULL AND c.what IN ('frozen', 'upgraded') AND %s",
            scope,
        )
        findings += [self._prepare_finding("deleted", *row) for row in self.env.execute_query(query)]

    @api.model
    def _verify_decisions(self, scope: SQL, findings: list) -> None:
        """Cards sealed again of which more had changed than what was decided: an alteration that hides behind an
        adjustment."""
        query = SQL(
            """
            SELECT c.employee_id, c.date_from, c.scorecard_id, p.content, c.content, c.what
              FROM discipline_seal c
              JOIN LATERAL (SELECT content FROM discipline_seal WHERE scorecard_id = c.scorecard_id
                               AND id < c.id ORDER BY id DESC LIMIT 1) p ON TRUE
             WHERE c.what NOT IN ('frozen', 'upgraded') AND %s
            """,
            scope,
        )
        for row in self.env.execute_query(query):
            self._add_changed(findings, *row)

    @api.model
    def _verify_chain(self, ids: list[int], findings: list) -> None:
        """Where seals were changed, taken away or put in: the first of each person."""
        query = SQL(
            """
            WITH seal AS (
                SELECT s.*, LAG(hash) OVER person AS hash_before, LAG(number, 1, 0) OVER person AS number_before,
                       LAG(scorecard_id) OVER person AS card_before, LAG(date_from) OVER person AS date_before
                  FROM discipline_seal s WHERE employee_id = ANY(%(ids)s)
                WINDOW person AS (PARTITION BY employee_id ORDER BY number)
            ), broken AS (
                SELECT employee_id, date_from, scorecard_id, number
                  FROM seal WHERE hash IS DISTINCT FROM %(hash)s OR number <> number_before + 1
                 UNION ALL -- one that was changed and hashed again is found by the one after it
                SELECT employee_id, COALESCE(date_before, date_from), COALESCE(card_before, scorecard_id), number
                  FROM seal WHERE previous_hash IS DISTINCT FROM hash_before AND number = number_before + 1
                 UNION ALL
                SELECT COALESCE(h.employee_id, s.employee_id), s.date_from, s.scorecard_id, COALESCE(s.number, 0) + 1
                  FROM (SELECT * FROM discipline_seal_head WHERE employee_id = ANY(%(ids)s)) h
                  FULL JOIN (SELECT DISTINCT ON (employee_id) * FROM seal ORDER BY employee_id, number DESC) s
                    ON s.employee_id = h.employee_id
                 WHERE (h.number, h.hash) IS DISTINCT FROM (s.number, s.hash)
            )
            SELECT DISTINCT ON (employee_id) employee_id, date_from, scorecard_id FROM broken ORDER BY employee_id, number
            """,
            ids=ids,
            hash=self._sql_hash(
                SQL("COALESCE(previous_hash, '')"),
                SQL("what"),
                SQL("sealed_at"),
                SQL("user_id"),
                SQL("content"),
            ),
        )
        findings += [self._prepare_finding("chain", *row) for row in self.env.execute_query(query)]
