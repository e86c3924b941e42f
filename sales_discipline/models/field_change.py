def differs(record, name: str, vals: dict) -> bool:
    """Whether these values change that field of one record: what is no value for it would, and so would any command on a
    list of records."""
    field = record._fields[name]
    if field.type in ("one2many", "many2many"):
        return True
    try:
        value = field.convert_to_record(field.convert_to_cache(vals[name], record, validate=False), record)
    except (TypeError, ValueError):
        return True
    return value != record[name]
