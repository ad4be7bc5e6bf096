"""Areas, runs, releases and answers to be purged."""

import json

from builders import put


def area(files, folder, *, kind="records", synthetic=False):
    text = files["area.toml"].decode()
    text = text.replace('kind = "published"', f'kind = "{kind}"')
    text = text.replace("synthetic = true", f"synthetic = {str(synthetic).lower()}")
    return put({**files, "area.toml": text.encode()}, folder)


def run(folder, **manifest):
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def release(folder, profile="internal", area="Smallshire"):
    folder.mkdir(parents=True)
    (folder / "audit.json").write_text(json.dumps({"profile": {"name": profile}, "area": area}))
    return folder


def written(folder, file, **told):
    folder.mkdir(parents=True)
    (folder / file).write_text(json.dumps({"area": "Smallshire", "marking": "OFFICIAL-SENSITIVE"} | told))
    return folder
