from . import test_margin
from . import test_margin_pay
from . import test_margin_security
