from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.contacts import Contact, count_contacts, spread_contacts

MON, TUE, WED = (date(2026, 3, day) for day in (9, 10, 11))


@tagged("post_install", "-at_install")
class TestToolsContacts(BaseCase):
    def test_own_people(self):
        """Everybody gets their own, two a day, the most important first."""
        clients = [(1, "a"), (2, "b"), (3, "a"), (4, "a"), (5, "b")]
        contacts, left = spread_contacts(clients, [], {"a": [MON, TUE], "b": [TUE]}, 2)
        self.assertEqual(
            contacts,
            [
                Contact(1, "a", MON),
                Contact(2, "b", TUE),
                Contact(3, "a", MON),
                Contact(4, "a", TUE),
                Contact(5, "b", TUE),
            ],
        )
        self.assertEqual(left, [])

    def test_turns(self):
        clients = [(number, None) for number in range(5)]
        contacts, left = spread_contacts(clients, ["a", "b"], {"a": [MON, TUE], "b": [MON, TUE]}, 1)
        self.assertEqual(
            [tuple(contact) for contact in contacts],
            [(0, "a", MON), (1, "b", MON), (2, "a", TUE), (3, "b", TUE)],
        )
        self.assertEqual(left, [4])

    def test_whoever_is_away_is_passed_over(self):
        contacts, left = spread_contacts([(1, None), (2, None), (3, "b")], ["b", "a"], {"a": [MON, TUE]}, 1)
        self.assertEqual([tuple(contact) for contact in contacts], [(1, "a", MON), (2, "a", TUE)])
        self.assertEqual(left, [3])

    def test_taken(self):
        """What somebody has on a day is taken off; more than wanted is not held against other days."""
        taken = {("a", MON): 5, ("a", TUE): 1}
        contacts, _left = spread_contacts([(1, "a"), (2, "a")], [], {"a": [MON, TUE, WED]}, 2, taken)
        self.assertEqual([contact.day for contact in contacts], [TUE, WED])

    def test_nothing(self):
        self.assertEqual(spread_contacts([], ["a"], {}, 1), ([], []))
        self.assertEqual(spread_contacts([(1, None)], [], {}, 1), ([], [1]))
        with self.assertRaises(ValueError):
            spread_contacts([], [], {}, 0)

    def test_count(self):
        contacts = [Contact(1, "a", MON), Contact(2, "a", MON), Contact(3, "b", TUE)]
        self.assertEqual(count_contacts(contacts), {"a": {MON: 2}, "b": {TUE: 1}})

    @given(
        owners=st.lists(st.sampled_from(["a", "b", "c", None]), max_size=30),
        turns=st.lists(st.sampled_from(["a", "b", "d"]), unique=True),
        days=st.dictionaries(
            st.sampled_from(["a", "b", "c", "d"]),
            st.sets(st.integers(0, 9).map(lambda n: MON + timedelta(n))).map(sorted),
        ),
        per_day=st.integers(1, 4),
        taken=st.dictionaries(
            st.tuples(st.sampled_from(["a", "b"]), st.integers(0, 9).map(lambda n: MON + timedelta(n))),
            st.integers(0, 6),
        ),
    )
    def test_rules(self, owners, turns, days, per_day, taken):
        clients = list(enumerate(owners))
        contacts, left = spread_contacts(clients, turns, days, per_day, taken)
        self.assertEqual(sorted([contact.client for contact in contacts] + left), list(range(len(clients))))
        room = {
            person: sum(max(per_day - taken.get((person, day), 0), 0) for day in own)
            for person, own in days.items()
        }
        for person, counts in count_contacts(contacts).items():
            for day, count in counts.items():
                self.assertIn(day, days[person])
                self.assertLessEqual(count + taken.get((person, day), 0), max(per_day, 0))
            mine = [contact.day for contact in contacts if contact.person == person]
            self.assertEqual(mine, sorted(mine))  # the more important, the earlier
        for contact in contacts:
            self.assertIn(contact.person, [owners[contact.client]] if owners[contact.client] else turns)
        used = {person: sum(row.values()) for person, row in count_contacts(contacts).items()}
        for client in left:  # nobody is left out for whom there is room
            for person in [owners[client]] if owners[client] else turns:
                self.assertEqual(used.get(person, 0), room.get(person, 0))
