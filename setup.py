"""Build one wheel of the addon and its glue addons, which Odoo finds without an addons path: `pip wheel .`

Odoo 19's `odoo` and `odoo.addons` are namespace packages, so the addons are put below them; neither may be shipped
itself. Glue addons join the addon to others and install themselves where those are installed; where they are not, they
lie there unused. The manifests are the only place where versions, summaries and requirements are written down.
"""

import ast
import shutil
from pathlib import Path

from setuptools import setup

ADDON = "sales_discipline"
ROOT = Path(__file__).parent
MANIFESTS = {
    path.parent.name: ast.literal_eval(path.read_text("utf-8"))
    for path in sorted(ROOT.glob(f"{ADDON}*/__manifest__.py"))
}
MANIFEST = MANIFESTS[ADDON]

shutil.rmtree(ROOT / "build", ignore_errors=True)  # files deleted since would come back from there


def files(addon):
    for path in sorted((ROOT / addon).rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc":
            yield path


setup(
    name=f"odoo-addon-{ADDON.replace('_', '-')}",
    version=MANIFEST["version"],
    description=MANIFEST.get("summary", ""),
    long_description=(ROOT / "README.md").read_text("utf-8") if (ROOT / "README.md").exists() else "",
    long_description_content_type="text/markdown",
    author=MANIFEST.get("author", ""),
    url=MANIFEST.get("website", ""),
    license=MANIFEST["license"],
    license_files=["LICENSE"],
    python_requires=">=3.10",
    install_requires=sorted(
        {
            name
            for manifest in MANIFESTS.values()
            for name in manifest.get("external_dependencies", {}).get("python", [])
        }
    ),
    # no index has Odoo: required outright, neither `pip wheel .` nor `pip install` would end well
    extras_require={"odoo": ["odoo==19.0.*"]},
    packages=[
        ".".join(("odoo.addons", *path.parent.relative_to(ROOT).parts))
        for addon in MANIFESTS
        for path in files(addon)
        if path.name == "__init__.py"
    ],
    package_dir={f"odoo.addons.{addon}": addon for addon in MANIFESTS},
    package_data={
        f"odoo.addons.{addon}": [str(path.relative_to(ROOT / addon)) for path in files(addon)]
        for addon in MANIFESTS
    },
    zip_safe=False,
    classifiers=[
        "Framework :: Odoo",
        "Framework :: Odoo :: 19.0",
        "Programming Language :: Python :: 3",
    ],
)
