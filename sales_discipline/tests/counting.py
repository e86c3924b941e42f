import gc
from contextlib import contextmanager
from types import SimpleNamespace


@contextmanager
def counted(env):
    """Count the SQL statements of a block while Python's garbage collector rests.

    What an Environment has looked up once, such as `env.company`, refers to it in turn; so one that is no longer used
    goes, and what it knew with it, when the collector happens to run, and the same call then sends a statement more.
    Therefore all of them go before the block, and none during it.

    :return: an object whose `statements`, an integer, is there once the block was left: `with counted(env) as count:`
    """
    count, was_enabled = SimpleNamespace(), gc.isenabled()
    gc.disable()
    try:
        gc.collect()
        before = env.cr.sql_log_count
        yield count
        count.statements = env.cr.sql_log_count - before
    finally:
        if was_enabled:
            gc.enable()


class Counting:
    """For cases that count the SQL statements of calls."""

    def _count_queries(self, function, *args, **kwargs):
        """(number of SQL statements, result) of a call that finds nothing in the cache; what it leaves is flushed."""
        self.env.flush_all()
        self.env.invalidate_all()
        with counted(self.env) as count:
            result = function(*args, **kwargs)
            self.env.flush_all()
        return count.statements, result

    def _count_again(self, function, *args, **kwargs):
        """The same of a call the second time, when the registry has at hand what it keeps.

        The first time begins without Environments left behind too: where one knows the answer already, the registry
        is not asked and does not keep it.
        """
        self._count_queries(function, *args, **kwargs)
        return self._count_queries(function, *args, **kwargs)
