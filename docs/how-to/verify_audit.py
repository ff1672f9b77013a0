"""Verifies an audit trail that was exported, with nothing but Python: verify_audit.py FILE [DIGEST]

With DIGEST, a head that was noted earlier, it also says whether that head is in this trail.
"""

import hashlib
import json
import sys
from pathlib import Path


def verify(path, noted=""):
    with Path(path).open("rb") as file:
        about = json.loads(next(file))
        digest, number, seen = hashlib.sha256(about["org"].encode()).digest(), 0, not noted
        for line in file:
            one = json.loads(line)
            number += 1
            if one["number"] != number:
                return f"Entry {number} is missing: the next that there is says {one['number']}."
            digest = hashlib.sha256(digest + one["entry"].encode()).digest()
            if digest.hex() != one["digest"]:
                return f"Entry {number} was changed, or the one before it was."
            seen = seen or digest.hex() == noted
    if (number, digest.hex()) != (about["head"]["number"], about["head"]["digest"]):
        return f"The end is missing: there are {number} of {about['head']['number']} entries."
    if not seen:
        return "The digest that was noted is not in this trail: it was written anew."
    sys.stdout.write(f"{number} entries hold. The newest is {digest.hex()}\n")
    return ""


if __name__ == "__main__":
    broken = verify(*sys.argv[1:3])
    if broken:
        sys.stdout.write(f"{broken}\n")
    sys.exit(bool(broken))
