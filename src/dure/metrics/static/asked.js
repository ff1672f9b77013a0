// The place of an answer: the answer, the last one dimmed while the next comes, how far that is, or why there is none.
import { duration, Empty, html, icon, isoDay, num, Progress, sentence, Skeleton, t, words } from '../web/kit.js';
import { Answer } from './answer.js';
import { Counted, cost, fresh } from './counted.js';
import { told } from './said.js';
import { written } from './written.js';

words({
  ko: { 'q.asking': '세는 중', 'q.of': '{total}행 가운데 {done}행을 읽었습니다', 'q.read': '{done}행을 읽었습니다', 'q.stopped': '멈췄습니다',
    'q.stoppedbody': '질문은 그대로 있습니다.', 'q.again': '다시 묻기', 'q.refused': '이대로는 물을 수 없습니다', 'q.limit': '이 질문은 한도를 넘어 멈췄습니다',
    'q.limitbody': '기간을 줄이거나 세그먼트로 좁히면 답이 나옵니다.', 'q.half': '기간을 반으로', 'q.limit.time': '한도는 {most}입니다.', 'q.limit.memory': '메모리 한도는 {most}입니다.',
    'q.limit.rows': '읽을 수 있는 행은 {most}개까지입니다.', 'q.limit.result_rows': '답은 {most}줄까지입니다.', 'q.waiting': '차례를 기다리는 중',
    'q.offline': '서버에 닿지 않습니다', 'q.offlinebody': '질문은 주소에 남아 있고, 연결되면 다시 묻습니다.', 'q.failed': '답을 얻지 못했습니다', 'q.rows': '{n}행을 읽음', 'q.close': '닫기' },
  en: { 'q.asking': 'Counting', 'q.of': '{done} of {total} rows read', 'q.read': '{done} rows read', 'q.stopped': 'Stopped',
    'q.stoppedbody': 'The question is still here.', 'q.again': 'Ask again', 'q.refused': 'This cannot be asked as it is',
    'q.limit': 'This question was stopped at its limit', 'q.limitbody': 'A shorter range or a segment will bring an answer.',
    'q.half': 'Half the range', 'q.limit.time': 'The limit is {most}.', 'q.limit.memory': 'The limit is {most} of memory.',
    'q.limit.rows': 'The limit is {most} rows to read.', 'q.limit.result_rows': 'The limit is {most} rows of answer.',
    'q.waiting': 'Waiting for its turn',
    'q.offline': 'The server cannot be reached',
    'q.offlinebody': 'The question stays in the address and is asked again once there is a connection.', 'q.failed': 'There was no answer',
    'q.rows': '{n} rows read', 'q.close': 'Close' },
});

// Which limit stopped it, as the server names it.
const limitOf = error => error.data?.limit ?? (error.code === 'timeout' ? 'time' : null);
function limitSaid({ data }) {
  if (data?.most == null) return '';
  const most = { time: () => duration(data.most), memory: () => `${num(data.most / 2 ** 20)} MB`, rows: () => num(data.most), result_rows: () => num(data.most) }[data.limit]?.();
  return most ? t('q.limit.' + data.limit, { most }) : '';
}

// of: what useAnswer gives; question: what is asked; change(part) narrows it; strip: whether the definitions stand open.
export const Asked = {
  props: ['of', 'question', 'missing', 'look', 'metric', 'strip', 'turnStrip', 'change'],
  setup: p => () => {
    const it = p.of, answer = it.answer;
    const instead = it.error && !answer ? failure(it, p, false) : it.stopped && !answer ? stopped(it) : null;
    return html`<div class="mx-pane" data-scroll
      aria-busy=${it.running ? 'true' : null}>${it.slow && progress(it)}${answer && (it.error ? failure(it, p, true) : it.stopped ? note(it) : null)}
      ${answer ? html`<div class=${'mx-answered' + (it.running || it.error ? ' old' : '')}><div class="mx-about-line sm mut num"><button
        type="button" class="btn ghost sm" aria-expanded=${String(p.strip)} aria-controls="mx-strip"
        @click=${p.turnStrip}>${icon('info', 14)}${t('mx.defs')}</button>
          <span>${t('q.rows', { n: cost(answer.meta)[0] })} · ${cost(answer.meta)[1]} · ${fresh(answer.meta)}</span></div>
          ${p.metric?.value != null && html`<p class="mx-sum"><b class="num">${written(p.metric.value, p.metric)}</b>
            ${p.metric.target != null && html`<span class="mut num">${t('mx.goal', { v: written(p.metric.target, p.metric) })}</span>`}</p>`}
          <${Answer} answer=${answer} metric=${p.metric} look=${p.look} asking=${true} /></div>`
        : instead ?? (it.running ? html`<${Skeleton} kind="chart" />` : html`<${Empty} icon="chart" title=${p.missing ? t('mx.askmore') : t('mx.ask')} body=${p.missing ?? t('mx.askbody')} />`)}</div>
      ${answer && p.strip && html`<aside class="mx-strip mx-defs" id="mx-strip" data-scroll aria-label=${t('mx.defs')}><header>
        <h3>${t('mx.defs')}</h3><button type="button" class="btn ghost ico sm" aria-label=${t('q.close')}
        @click=${p.turnStrip}>${icon('x', 14)}</button></header>
        <${Counted} answer=${answer} metric=${p.metric} /></aside>`}`;
  },
};

function progress(it) {
  const seen = it.progress, done = seen && (seen.rows_total ? t('q.of', { done: seen.rows_read, total: seen.rows_total }) : t('q.read', { done: seen.rows_read }));
  const label = seen?.state === 'waiting' ? t('q.waiting') : seen?.rows_read ? `${t('q.asking')} · ${done}` : t('q.asking');
  return html`<div class="mx-progress"><${Progress} label=${label} done=${seen?.rows_read} total=${seen?.rows_total} cancel=${it.cancel} /></div>`;
}

const stopped = it => html`<${Empty} icon="pause" title=${t('q.stopped')} body=${t('q.stoppedbody')}
  action=${{ label: t('q.again'), run: it.again, icon: 'refresh' }} />`;
const note = it => html`<div class="notice" role="status">${icon('pause')}<div><b>${t('q.stopped')}</b> ${t('q.stoppedbody')}</div><button
  type="button" class="btn sm" @click=${it.again}>${t('q.again')}</button></div>`;

// What went wrong, and what helps: over the last answer as a line, else in its place.
function failure(it, p, line) {
  const error = it.error, limit = limitOf(error), refused = error.status === 422;
  const title = error.code === 'offline' ? t('q.offline') : limit ? t('q.limit') : refused ? t('q.refused') : t('q.failed');
  const body = error.code === 'offline' ? t('q.offlinebody') : limit ? `${limitSaid(error)} ${t('q.limitbody')}` : told(sentence(error));
  const helps = [...(limit && p.question?.from && p.question.to ? [[t('q.half'), () => p.change(half(p.question))]] : []), ...(refused ? [] : [[t('q.again'), it.again]])];
  const buttons = helps.map(([text, run]) => html`<button type="button" class="btn sm" key=${text} @click=${run}>${text}</button>`);
  return line ? html`<div class=${'notice ' + (limit ? 'warn' : 'bad')} role="alert">${icon('warn')}<div><b>${title}</b> ${body}</div>
    <span class="grow"></span>${buttons}</div>`
    : html`<div class="empty failed" role="alert"><span class="empty-icon">${icon('warn', 24)}</span><h2>${title}</h2><p>${body}</p>
      <div class="actions">${buttons}</div></div>`;
}

function half(q) {
  const from = Date.parse(q.from.slice(0, 10)), to = Date.parse(q.to.slice(0, 10));
  return { from: isoDay(new Date((from + to) / 2).toISOString().slice(0, 10)) };
}
