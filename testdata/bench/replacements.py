#!/usr/bin/env python3
"""Writes analyzer/lint/replacements.tsv, with its licence: the packages that JavaScript itself replaces.

Usage: testdata/bench/replacements.py [--version VERSION]

Needs npm. The data is that of the npm package module-replacements (MIT). Taken are its
modules with a native replacement that some version of Node has, and those with a snippet
of one expression: package, kind, what replaces it, the first version of Node, a link.
"""
import argparse, json, os, subprocess, tarfile, tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LINKS = {"mdn": "https://developer.mozilla.org/docs/%s", "node": "https://nodejs.org/%s", "e18e": "https://e18e.dev/docs/replacements/%s"}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--version", default="3.4.0")
    version = parser.parse_args().version
    with tempfile.TemporaryDirectory() as folder:
        packed = subprocess.run(["npm", "pack", "--silent", f"module-replacements@{version}"], cwd=folder, check=True, capture_output=True, text=True)
        with tarfile.open(os.path.join(folder, packed.stdout.split()[-1])) as archive:
            read = lambda name: archive.extractfile("package/" + name).read().decode()
            manifests = [json.loads(read(f"manifests/{name}.json")) for name in ("native", "micro-utilities")]
            licence = read("LICENSE")
    rows = set()
    for manifest in manifests:
        for name, mapping in manifest["mappings"].items():
            for replacement in mapping["replacements"][:1]:
                found = manifest["replacements"][replacement]
                node = [e["minVersion"] for e in found.get("engines", []) if e["engine"] == "nodejs"]
                url = mapping.get("url") or found.get("url") or {}
                link = LINKS[url["type"]] % url["id"] if isinstance(url, dict) and url.get("type") in LINKS else ""
                if found["type"] == "native" and node:
                    rows.add((name, "native", found["id"], node[0], link))
                elif found["type"] == "simple" and found.get("example") and "\n" not in found["example"]:
                    rows.add((name, "snippet", found["example"], "0", link))
    with open(f"{TOP}/analyzer/lint/replacements.tsv", "w") as out:
        out.write(f"# Written by testdata/bench/replacements.py from module-replacements {version}, under the licence in replacements.LICENSE\n")
        for row in sorted(rows):
            out.write("\t".join(row) + "\n")
    with open(f"{TOP}/analyzer/lint/replacements.LICENSE", "w") as out:
        out.write(licence)
    print(f"{len(rows)} packages")


main()
