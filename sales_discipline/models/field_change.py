def differs(record, name: str, vals: dict) -> bool:
    """Whether these values change that field of one record."""
    field = record._fields[name]
    return field.convert_to_record(field.convert_to_cache(vals[name], record), record) != record[name]
