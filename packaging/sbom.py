#!/usr/bin/env python3
"""Lists what a built fa2 consists of, as CycloneDX 1.5 JSON on standard output.

Two kinds of Debian packages: those whose shared libraries the program loads (what the dynamic linker finds for it, to the
last), and those whose headers were compiled into it (what ninja noted while it built). Versions, sources and licences are
Debian's own. The same program on the same packages gives the same bytes.
Format: https://cyclonedx.org/docs/1.5/json/
"""
import argparse
import glob
import hashlib
import json
import os
import re
import subprocess
import sys
import time
import uuid
from urllib.parse import quote


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


# What fa2 loads only when it needs it (src/draw/pango_cairo.cpp).
LOADED_LATER = ["libpangocairo-1.0.so.0"]


def loaded_libraries(program):
    """Files of all shared libraries, by the dynamic linker."""
    later = [f"/usr/lib/{os.uname().machine}-linux-gnu/{name}" for name in LOADED_LATER]
    files = {os.path.realpath(path) for path in later}
    for file in [program, *later]:
        files |= {os.path.realpath(path) for path in re.findall(r"=> (/\S+)", run("ldd", file))}
    return files


def compiled_headers(build):
    """Headers outside of the project that ninja noted for the program's objects."""
    headers = set()
    for line in run("ninja", "-C", build, "-t", "deps").splitlines():
        path = line.strip()
        if line.startswith("    /usr/") and not path.startswith(("/usr/include/c++/", "/usr/lib/gcc/")):
            headers.add(os.path.realpath(path))
    return headers


def owners():
    """Which package has which file, for all that are installed: dpkg's own lists, read once."""
    found = {}
    for path in sorted(glob.glob("/var/lib/dpkg/info/*.list")):
        package = os.path.basename(path).removesuffix(".list")
        with open(path, encoding="utf-8") as listing:
            for line in listing:
                found.setdefault(line.rstrip("\n"), package)
    return found


def packages_of(files, owner):
    """Names of the packages that the files belong to; what no package has is an error."""
    names = set()
    for file in sorted(files):
        # Where /lib is a link to /usr/lib, dpkg knows a file by the name it was packed under.
        package = owner.get(file) or owner.get(file.removeprefix("/usr"))
        if package is None:
            sys.exit(f"sbom: no package has {file}")
        names.add(package)
    return names


def licences(package):
    """Short names in the package's machine-readable copyright file, where it has one."""
    try:
        with open(f"/usr/share/doc/{package.split(':')[0]}/copyright", encoding="utf-8", errors="replace") as file:
            text = file.read()
    except OSError:
        return []
    if not text.startswith("Format:"):
        return []
    return sorted(set(re.findall(r"^License: *(\S[^\n]*)$", text, re.MULTILINE)))


def component(package, kind):
    fields = "${Package}\t${Version}\t${Architecture}\t${source:Package}\t${source:Version}\t${Homepage}"
    name, version, architecture, source, source_version, homepage = run(
        "dpkg-query", "-W", f"-f={fields}", package).split("\t")
    purl = f"pkg:deb/debian/{quote(name)}@{quote(version)}?arch={architecture}&distro=bookworm"
    entry = {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl,
             "properties": [{"name": "fa2:use", "value": kind},
                            {"name": "debian:source", "value": f"{source} {source_version}"}]}
    names = licences(name)
    if names:
        entry["licenses"] = [{"license": {"name": n}} for n in names]
    if homepage:
        entry["externalReferences"] = [{"type": "website", "url": homepage}]
    return entry


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--version", required=True)
    parser.add_argument("--program", required=True)
    parser.add_argument("--build", required=True)
    options = parser.parse_args()

    owner = owners()
    loaded = packages_of(loaded_libraries(options.program), owner)
    compiled = packages_of(compiled_headers(options.build), owner) - loaded
    components = [component(p, "shared library") for p in sorted(loaded)]
    components += [component(p, "compiled in (headers)") for p in sorted(compiled)]
    with open(options.program, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    program = {"type": "application", "bom-ref": "fa2", "name": "fa2", "version": options.version,
               "hashes": [{"alg": "SHA-256", "content": digest}],
               "licenses": [{"license": {"id": "Apache-2.0"}}]}
    epoch = int(os.environ.get("SOURCE_DATE_EPOCH", "0"))
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, 'fa2:' + digest)}",
        "version": 1,
        "metadata": {"timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(epoch)), "component": program},
        "components": components,
        "dependencies": [{"ref": "fa2", "dependsOn": [c["bom-ref"] for c in components]}],
    }
    json.dump(document, sys.stdout, indent=1, ensure_ascii=False)
    print()


if __name__ == "__main__":
    main()
