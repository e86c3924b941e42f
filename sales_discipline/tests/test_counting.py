import gc

from odoo.tests import TransactionCase, tagged

from .counting import counted


@tagged("post_install", "-at_install")
class TestCounting(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin_id = cls.env.ref("base.user_admin").id

    def _look_up(self):
        """A company that a new Environment looked up, to which then nobody but itself refers: one statement."""
        self.env.invalidate_all()
        return self.env(user=self.admin_id, context={"counting": True}).company.id

    def test_what_was_before(self):
        """The collector may have run since, or not."""
        counts = []
        for collects in (False, True):
            self._look_up()
            if collects:
                gc.collect()
            with counted(self.env) as count:
                self._look_up()
            counts.append(count.statements)
        self.assertEqual(counts, [1, 1])

    def test_in_the_block(self):
        """However much there is in it for the collector to do, what was looked up is known."""
        with counted(self.env) as count:
            self._look_up()
            self.assertEqual(len([[] for _n in range(100_000)]), 100_000)  # enough for it to run
            self._look_up()
        self.assertEqual(count.statements, 1)

    def test_collector_runs_again(self):
        self.assertTrue(gc.isenabled())
        with self.assertRaises(ZeroDivisionError), counted(self.env):
            self.assertFalse(gc.isenabled())
            raise ZeroDivisionError
        self.assertTrue(gc.isenabled())
        self.addCleanup(gc.enable)
        gc.disable()
        with counted(self.env):
            pass
        self.assertFalse(gc.isenabled(), "whoever stopped it starts it")
