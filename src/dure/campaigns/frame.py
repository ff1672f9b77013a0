"""The page in which a letter is looked at: whatever is in the letter, nothing of it runs, and nothing of ours is near.

It has no origin of its own (a sandbox), so it reaches neither cookies nor the API. The one script that runs is named by
its hash; it puts in what the composer sends it and answers how high that is.
"""

from __future__ import annotations

import base64
import hashlib

from fastapi.responses import HTMLResponse

_SCRIPT = """
let width = innerWidth;
const tell = () => parent.postMessage({ height: Math.ceil(document.body.getBoundingClientRect().bottom + 16) }, '*');
addEventListener('message', event => {
  if (event.source !== parent || typeof event.data?.html !== 'string') return;
  document.documentElement.innerHTML = event.data.html;
  document.documentElement.style.colorScheme = event.data.dark ? 'dark' : 'light';
  for (const image of document.images) image.addEventListener('load', tell);
  requestAnimationFrame(tell);
});
addEventListener('click', event => event.preventDefault(), true);
addEventListener('submit', event => event.preventDefault(), true);
addEventListener('resize', () => { if (innerWidth !== width) { width = innerWidth; tell(); } });
parent.postMessage({ ready: true }, '*');
"""
_HASH = base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()
_POLICY = "; ".join(
    (
        "default-src 'none'", f"script-src 'sha256-{_HASH}'", "style-src 'unsafe-inline'", "img-src https: data:",
        "form-action 'none'", "base-uri 'none'", "frame-ancestors 'self'", "sandbox allow-scripts",
    )
)  # fmt: skip


def page() -> HTMLResponse:
    return HTMLResponse(
        f'<!doctype html><html><head><meta charset="utf-8"></head><body><script>{_SCRIPT}</script></body></html>',
        headers={
            "content-security-policy": _POLICY, "x-frame-options": "SAMEORIGIN",
            "cache-control": "public, max-age=3600",
        },
    )  # fmt: skip
