"""Keep i18n/ in step with the code: i18n.py EXPORTED.pot FOLDER LANGUAGE [--check]

Writes FOLDER/ADDON.pot and FOLDER/LANGUAGE.po: translations are kept by their
English term, new terms come in empty, vanished ones go. Fields that every model has
(Created by, Followers, ...) take Odoo's own translation. Nothing in a header
depends on the day, so a second run changes nothing. --check writes nothing and
fails when either file is not what it should be, naming the terms.
"""

import argparse
import re
import sys
from pathlib import Path

import polib

SHOWN = 30  # terms named at most
PLURALS = (
    "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"
)
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[-#0 +]*\d*(?:\.\d+)?[diouxXeEfFgGcrsa]|%%")


def header(addon, language=None):
    metadata = {
        "Project-Id-Version": f"{addon} 19.0",
        "Report-Msgid-Bugs-To": "",
        "Last-Translator": "",
        "Language-Team": "",
    }
    if language:
        metadata["Language"] = language
    metadata["MIME-Version"] = "1.0"
    metadata["Content-Type"] = "text/plain; charset=UTF-8"
    metadata["Content-Transfer-Encoding"] = "8bit"
    metadata["Plural-Forms"] = PLURALS if language == "ru" else ""
    return metadata


def new_file(addon, language=None):
    catalogue = polib.POFile()
    catalogue.header = (
        f" Translation of Odoo Server.\n This file contains the translation of the module {addon}."
    )
    catalogue.metadata = header(addon, language)
    return catalogue


def template(exported, addon):
    catalogue = new_file(addon)
    for entry in sorted(exported, key=lambda entry: entry.msgid):
        entry.msgstr = ""
        catalogue.append(entry)
    return catalogue


def odoo_terms(addons, language):
    """What Odoo itself calls the fields that models inherit from base and mail."""
    terms = {}
    for module in ("mail", "base"):
        path = addons / module / "i18n" / f"{language}.po"
        for entry in polib.pofile(str(path)) if path.exists() else []:
            if entry.translated() and any(
                place.startswith("model:ir.model.fields") for place, _ in entry.occurrences
            ):
                terms[entry.msgid] = entry.msgstr
    return terms


def is_field(term):
    return all(place.startswith("model:ir.model.fields,") for place, _line in term.occurrences)


def merged(pot, old, addon, language, given):
    known = {entry.msgid: entry for entry in old if not entry.obsolete}
    catalogue = new_file(addon, language)
    for term in pot:
        before = known.get(term.msgid)
        entry = polib.POEntry(
            msgid=term.msgid,
            msgstr=(before.msgstr if before else "") or (given.get(term.msgid, "") if is_field(term) else ""),
            comment=term.comment,
            tcomment=before.tcomment if before else "",
            occurrences=term.occurrences,
            flags=[*term.flags, "fuzzy"] if before and before.fuzzy else term.flags,
        )
        catalogue.append(entry)
    return catalogue


def problems(pot, old_pot_text, po, language):
    """What is wrong, in lines; `po` is the catalogue as it stands in the folder."""
    if str(pot) + "\n" != old_pot_text:
        in_file = {entry.msgid for entry in polib.pofile(old_pot_text)} if old_pot_text else set()
        in_code = {entry.msgid for entry in pot}
        yield from (f"the .pot lacks: {msgid!r}" for msgid in sorted(in_code - in_file))
        yield from (f"the .pot has, but the code has not: {msgid!r}" for msgid in sorted(in_file - in_code))
        if in_file == in_code:
            yield "the .pot has the right terms, but not their right places"
    translated = {entry.msgid: entry for entry in po if not entry.obsolete}
    for term in pot:
        entry = translated.get(term.msgid)
        if entry is None:
            yield f"{language}.po lacks: {term.msgid!r}"
        elif not entry.msgstr:
            yield f"{language}.po has no translation of: {term.msgid!r}"
        elif entry.fuzzy:
            yield f"{language}.po is not sure (fuzzy) of: {term.msgid!r}"
        elif "python-format" in term.flags or "%(" in term.msgid:
            if sorted(PLACEHOLDER.findall(term.msgid)) != sorted(PLACEHOLDER.findall(entry.msgstr)):
                yield f"{language}.po has other placeholders in: {term.msgid!r}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("exported", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("language")
    parser.add_argument("--odoo", type=Path, default=Path(), help="the folder of Odoo's own addons")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    addon = options.exported.stem
    pot_path, po_path = options.folder / f"{addon}.pot", options.folder / f"{options.language}.po"
    old_pot = pot_path.read_text("utf-8") if pot_path.exists() else ""
    pot = template(polib.pofile(str(options.exported)), addon)
    po = polib.pofile(str(po_path)) if po_path.exists() else []
    if not options.check:
        options.folder.mkdir(exist_ok=True)
        po = merged(pot, po, addon, options.language, odoo_terms(options.odoo, options.language))
        pot_path.write_text(f"{pot}\n", "utf-8")
        po_path.write_text(f"{po}\n", "utf-8")
        old_pot = f"{pot}\n"
    found = list(problems(pot, old_pot, po, options.language))
    for line in found[:SHOWN]:
        print(f"  {line}", file=sys.stderr)
    if len(found) > SHOWN:
        print(f"  ... and {len(found) - SHOWN} more", file=sys.stderr)
    print(f"i18n: {len(pot)} terms, {len(found)} problems", file=sys.stderr)
    return 1 if found and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
