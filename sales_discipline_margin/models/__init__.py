from . import discipline_fact
from . import sale_order
