import functools


def for_readers(method):
    """A button that opens something: for records that its reader may read, like everything else about them.

    :raise AccessError: when called for others
    """

    @functools.wraps(method)
    def wrapper(self, *args, **kwargs):
        self.check_access("read")
        return method(self, *args, **kwargs)

    return wrapper
