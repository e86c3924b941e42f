"""Build the addon as a wheel that Odoo finds without an addons path: `pip wheel .`

Odoo 19's `odoo` and `odoo.addons` are namespace packages, so the addon is put
below them; neither may be shipped itself. The manifest is the only place where
the version, the summary and the requirements are written down.
"""

import ast
import shutil
from pathlib import Path

from setuptools import setup

ADDON = "sales_discipline"
ROOT = Path(__file__).parent
BASE = ROOT / ADDON
PACKAGE = f"odoo.addons.{ADDON}"
MANIFEST = ast.literal_eval((BASE / "__manifest__.py").read_text("utf-8"))

shutil.rmtree(ROOT / "build", ignore_errors=True)  # files deleted since would come back from there


def files():
    for path in sorted(BASE.rglob("*")):
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
    install_requires=MANIFEST.get("external_dependencies", {}).get("python", []),
    # no index has Odoo: required outright, neither `pip wheel .` nor `pip install` would end well
    extras_require={"odoo": ["odoo==19.0.*"]},
    packages=[
        ".".join((PACKAGE, *path.parent.relative_to(BASE).parts))
        for path in files()
        if path.name == "__init__.py"
    ],
    package_dir={PACKAGE: ADDON},
    package_data={PACKAGE: [str(path.relative_to(BASE)) for path in files()]},
    zip_safe=False,
    classifiers=[
        "Framework :: Odoo",
        "Framework :: Odoo :: 19.0",
        "Programming Language :: Python :: 3",
    ],
)
