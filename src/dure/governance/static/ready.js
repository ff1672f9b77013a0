// The server's own probe; it answers with 503 and the same body when a part is in trouble.
export async function isReady(signal) {
  const answer = await fetch('/readyz', { signal });
  return answer.json();
}
