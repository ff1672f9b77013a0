// An answer that comes line by line: each line is handed on as it comes. `stop()` ends it on both sides.
import { ApiError } from '../web/kit.js';

export function lines(path, body, take) {
  const stopping = new AbortController();
  const done = (async () => {
    let answer;
    try {
      answer = await fetch('/api/v1' + path, { method: 'POST', headers: { 'content-type': 'application/json', accept: 'application/x-ndjson', 'x-dure-client': 'web' }, body: JSON.stringify(body), signal: stopping.signal });
    } catch (error) {
      if (stopping.signal.aborted) return false;
      throw new ApiError({ code: 'offline', message: String(error) });
    }
    if (!answer.ok) throw new ApiError({ code: 'http', message: answer.statusText, ...(await answer.json().catch(() => null))?.error, status: answer.status });
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    try {
      for (;;) {
        const { value, done: end } = await reader.read();
        rest += value ?? '';
        const several = rest.split('\n');
        rest = end ? '' : several.pop();
        for (const line of several) {
          if (!line) continue;
          const it = JSON.parse(line);
          if (it.error) throw new ApiError({ ...it.error, status: 500 });
          take(it);
        }
        if (end) return true;
      }
    } catch (error) {
      if (stopping.signal.aborted) return false;
      throw error;
    }
  })();
  return { done, stop: () => stopping.abort() };
}
