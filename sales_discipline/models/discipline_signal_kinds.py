from odoo import models
from odoo.tools import SQL

MOST_OF_THE_DAY = SQL("COUNT(*) * 100 >= MAX(total) * MAX(share)")
MOSTLY_BARE = SQL("%s AND COUNT(*) FILTER (WHERE bare) * 100 >= COUNT(*) * MAX(bare_share)", MOST_OF_THE_DAY)


class DisciplineSignal(models.Model):
    """What each kind of signal looks for: `_find_<kind>` is a SELECT over `day`, `rule` and `done`
    (discipline_signal_done.py) of card_id, date, strength, fact_ids, line_ids and numbers, a row a day. Another kind is a
    selection, a rule and such a method."""

    _inherit = "discipline.signal"

    def _find_burst(self) -> SQL:
        """So many within so few minutes: faster than anyone can open one, write a word and close it."""
        return SQL(
            """
            SELECT card_id, date, MAX(n) AS strength, JSONB_AGG(DISTINCT fact_id) AS fact_ids, NULL::jsonb AS line_ids,
                   JSONB_BUILD_OBJECT('n', MAX(n)) AS numbers
              FROM (SELECT b.card_id, b.date, f.fact_id, COUNT(*) OVER (PARTITION BY b.card_id, b.date, b.begun) AS n
                      FROM (SELECT DISTINCT card_id, date, happened_at AS begun, ended
                              FROM (SELECT *, happened_at + minutes * interval '1 minute' AS ended,
                                           LEAD(happened_at, at_least - 1) OVER (
                                               PARTITION BY card_id, date ORDER BY happened_at, fact_id) AS last
                                      FROM done) runs
                             WHERE last <= ended) b
                      JOIN done f ON f.card_id = b.card_id AND f.date = b.date AND f.happened_at BETWEEN b.begun AND b.ended
                   ) bursts
             GROUP BY card_id, date
            """
        )

    def _find_deadline(self) -> SQL:
        """The day done in its last minutes, most of it without a word."""
        return self._sql_found(
            SQL("happened_at >= deadline - minutes * interval '1 minute'"),
            MOSTLY_BARE,
        )

    def _find_client(self) -> SQL:
        """One client, or one document without a client, and one type of activity over and over."""
        return SQL(
            """
            SELECT DISTINCT ON (card_id, date) card_id, date, strength, fact_ids, NULL::jsonb AS line_ids,
                   JSONB_BUILD_OBJECT('n', strength, 'client', name) AS numbers
              FROM (SELECT o.card_id, o.date, o.strength, o.fact_ids, COALESCE(p.complete_name, o.name) AS name
                      FROM (SELECT card_id, date, partner_id, COUNT(*) AS strength, MAX(res_name) AS name,
                                   JSONB_AGG(fact_id ORDER BY happened_at, fact_id) AS fact_ids
                              FROM done
                             WHERE partner_id IS NOT NULL OR res_id IS NOT NULL
                             GROUP BY card_id, date, activity_type_id, partner_id,
                                      CASE WHEN partner_id IS NULL THEN res_model END,
                                      CASE WHEN partner_id IS NULL THEN res_id END
                            HAVING COUNT(*) >= MAX(at_least)) o
                      LEFT JOIN res_partner p ON p.id = o.partner_id) clients
             ORDER BY card_id, date, strength DESC, name
            """
        )

    def _find_no_text(self) -> SQL:
        return self._sql_found(SQL("mute"), MOST_OF_THE_DAY)

    def _find_same_text(self) -> SQL:
        """The text that most of the day's activities have in common, unless it may repeat."""
        return SQL(
            """
            SELECT DISTINCT ON (card_id, date) card_id, date, strength, fact_ids, NULL::jsonb AS line_ids,
                   JSONB_BUILD_OBJECT('n', strength, 'of', total) AS numbers
              FROM (SELECT card_id, date, text, COUNT(*) AS strength, MAX(total) AS total,
                           JSONB_AGG(fact_id ORDER BY happened_at, fact_id) AS fact_ids
                      FROM done WHERE NOT mute AND NOT usual
                     GROUP BY card_id, date, text
                    HAVING COUNT(*) >= MAX(at_least) AND COUNT(*) * 100 >= MAX(total) * MAX(share)) texts
             ORDER BY card_id, date, strength DESC, text
            """
        )

    def _find_at_once(self) -> SQL:
        """Made only to be marked as done, most of it without a word: a real call logged afterwards has its result."""
        return self._sql_found(
            SQL("age <= minutes * 60"),
            MOSTLY_BARE,
        )

    def _find_lost(self) -> SQL:
        """On leads that were lost as of then, and had been for long."""
        return self._sql_found(
            SQL(
                """
                fact_id IN (
                    SELECT o.fact_id FROM done o
                      JOIN discipline_fact l ON l.kind = 'lead_lost' AND l.source_id = o.res_id
                           AND l.happened_at <= o.happened_at
                     WHERE o.res_model = 'crm.lead'
                     GROUP BY o.fact_id, o.happened_at, o.days
                    HAVING SUM(l.quantity) > 0 AND MAX(l.happened_at) FILTER (WHERE l.quantity > 0)
                           <= o.happened_at - o.days * interval '1 day')
                """
            )
        )

    def _find_claimed(self) -> SQL:
        """A report that claims more than was measured, which is not the first one in so many days."""
        above = SQL(
            "l.claimed - GREATEST(l.actual + COALESCE(l.adjustment, 0), 0) >= 2"
            " AND l.claimed * 100 > (l.actual + COALESCE(l.adjustment, 0)) * (100 + r.share)"
        )
        return SQL(
            """
            SELECT d.card_id, d.date, past.n AS strength, NULL::jsonb AS fact_ids, past.line_ids,
                   JSONB_BUILD_OBJECT('n', past.n) AS numbers
              FROM day d
              JOIN discipline_scorecard c ON c.id = d.card_id AND c.date_to = d.date
                   AND EXISTS (SELECT FROM discipline_scorecard_line l WHERE l.scorecard_id = c.id AND l.claimed IS NOT NULL)
              JOIN rule r ON r.company_id = d.company_id
             CROSS JOIN LATERAL (
                   SELECT COUNT(DISTINCT o.date_from) AS n,
                          JSONB_AGG(l.id ORDER BY o.date_from DESC, l.sequence, l.id) AS line_ids,
                          BOOL_OR(o.id = c.id) AS again
                     FROM discipline_scorecard o
                     JOIN discipline_scorecard_line l ON l.scorecard_id = o.id AND l.claimed IS NOT NULL
                    WHERE o.employee_id = d.employee_id AND o.period = c.period
                      AND o.state = 'frozen' AND o.date_to BETWEEN d.date - r.days + 1 AND d.date
                      AND o.date_from BETWEEN d.date - r.days - 31 AND d.date AND %s
                   ) past
             WHERE past.again AND past.n >= r.at_least
            """,
            above,
        )
