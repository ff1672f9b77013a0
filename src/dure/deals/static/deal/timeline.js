// A deal's one line of everything, newest first, filtered by kind, read on as one scrolls.
import { action, api, Avatar, date, dateTime, Empty, Failed, html, icon, inLang, isoDay, money, num, onUnmounted, ref, shortDate, Skeleton, state, t, time, toast, useLive, watch, words } from '../../web/kit.js';
import { nameOfUser } from '../create.js';

words({
  ko: {
    'dt.title': '지나온 길', 'dt.all': '전체', 'dt.none': '아직 아무 일도 없었습니다', 'dt.nonekind': '이런 일은 없었습니다', 'dt.more': '이전 것 더 보기', 'dt.show': '종류',
    'dt.k.stage': '단계', 'dt.k.change': '변경', 'dt.k.note': '노트', 'dt.k.task': '할 일', 'dt.k.meeting': '미팅', 'dt.k.file': '파일', 'dt.k.message': '메시지', 'dt.k.product': '제품 사용', 'dt.k.delivery': '집행', 'dt.k.alert': '경고', 'dt.k.social': '소셜',
    'dt.moved': '{from} → {to}', 'dt.began': '{to} 단계로 시작', 'dt.amount': '금액 {a} → {b}', 'dt.close': '마감 {a} → {b}', 'dt.field': '{name}: {a} → {b}', 'dt.fields': '{n}개 항목', 'dt.empty': '비어 있음',
    'dt.created': '할 일을 만들었습니다', 'dt.done': '할 일을 끝냈습니다', 'dt.due': '{date}까지', 'dt.booked': '미팅 예정', 'dt.held': '미팅', 'dt.missed': '미팅 불참', 'dt.cancelled': '미팅 취소',
    'dt.private': '비공개 채널에 글을 남겼습니다', 'dt.joined': '채널에 들어왔습니다', 'dt.sharedfile': '파일을 올렸습니다', 'dt.customer': '고객', 'dt.used': '{n}번 사용', 'dt.delivered': '{n}회 노출, 클릭 {c}', 'dt.automation': '자동화', 'dt.forecast': '예상 {p}%', 'dt.open': '열기', 'dt.room': '채널이 열렸습니다',
  },
  en: {
    'dt.title': 'Timeline', 'dt.all': 'All', 'dt.none': 'Nothing has happened yet', 'dt.nonekind': 'Nothing of this kind', 'dt.more': 'Show earlier', 'dt.show': 'Kind',
    'dt.k.stage': 'Stages', 'dt.k.change': 'Changes', 'dt.k.note': 'Notes', 'dt.k.task': 'Tasks', 'dt.k.meeting': 'Meetings', 'dt.k.file': 'Files', 'dt.k.message': 'Messages', 'dt.k.product': 'Product use', 'dt.k.delivery': 'Deliveries', 'dt.k.alert': 'Alerts', 'dt.k.social': 'Social',
    'dt.moved': '{from} → {to}', 'dt.began': 'Began in {to}', 'dt.amount': 'Amount {a} → {b}', 'dt.close': 'Close date {a} → {b}', 'dt.field': '{name}: {a} → {b}', 'dt.fields': '{n} fields', 'dt.empty': 'empty',
    'dt.created': 'made a task', 'dt.done': 'finished a task', 'dt.due': 'due {date}', 'dt.booked': 'Meeting booked', 'dt.held': 'Meeting', 'dt.missed': 'Meeting missed', 'dt.cancelled': 'Meeting cancelled',
    'dt.private': 'wrote in the private channel', 'dt.joined': 'joined the channel', 'dt.sharedfile': 'shared a file', 'dt.customer': 'customer', 'dt.used': 'used it {n} {n|time|times}', 'dt.delivered': '{n} impressions, {c} clicks', 'dt.automation': 'Automation', 'dt.forecast': 'forecast {p}%', 'dt.open': 'Open', 'dt.room': 'Its channel opened',
  },
});

const ICON = { stage: 'flag', change: 'edit', note: 'file', task: 'check', meeting: 'calendar', file: 'paper-clip', message: 'chat', product: 'play', delivery: 'gauge', alert: 'warn', social: 'mega' };
export const KINDS = Object.keys(ICON);
const PAGE = 40;
const readable = v => v === null || v === undefined || v === '' ? t('dt.empty') : typeof v === 'object' ? JSON.stringify(v) : typeof v === 'number' ? num(v, 2) : String(v);

export const Timeline = {
  props: ['deal', 'stages', 'people', 'fields', 'anew', 'peek'],   // peek: grows when the room's messages are wanted
  setup(p) {
    const entries = ref([]), next = ref(''), loading = ref(true), error = ref(null), kind = ref('');
    let asked = 0;
    const ask = before => api.get(`/deals/${p.deal}/timeline`, { query: { limit: PAGE, kinds: kind.value || undefined, before: before || undefined }, quiet: true });
    async function begin(quiet) {
      const mine = ++asked;
      if (!quiet) { loading.value = true; error.value = null; }
      try { const page = await ask(''); if (mine === asked) { entries.value = page.entries; next.value = page.next; error.value = null; } }
      catch (problem) { if (mine === asked && !quiet) error.value = problem; } finally { if (mine === asked) loading.value = false; }
    }
    const older = action(async () => {
      const page = await ask(next.value), here = new Set(entries.value.map(e => e.kind + e.id));
      entries.value = [...entries.value, ...page.entries.filter(e => !here.has(e.kind + e.id))]; next.value = page.next;
    }, { failed: toast.error });
    watch(() => [p.deal, kind.value].join(), () => begin(false), { immediate: true });
    watch(() => p.anew, () => begin(true));
    watch(() => p.peek, () => { kind.value = 'message'; });
    // The log is a moment behind the act: it is asked a little later.
    let timer = 0;
    const soon = () => { clearTimeout(timer); timer = setTimeout(() => begin(true), 1500); };
    useLive(() => `deal:${p.deal}`, soon, { reset: soon });
    onUnmounted(() => { asked++; clearTimeout(timer); });

    const stage = key => inLang(p.stages.get(key)?.name ?? key ?? '');
    const label = name => { const f = p.fields.get(name); return f ? inLang(f.label) : name; };
    const value = (name, v, currency) => name === 'owner' ? nameOfUser(p.people, v) : name === 'amount' ? money(v, currency) : /^\d{4}-\d\d-\d\d$/.test(v ?? '') ? shortDate(v) : name === 'stage' ? stage(v) : readable(v);
    const pair = (name, f) => t(name, { a: name === 'dt.close' ? shortDate(f[0]) : f[0], b: name === 'dt.close' ? shortDate(f[1]) : f[1] });

    // What each entry says: [words, more words under them].
    function said(e) {
      const f = e.facts;
      const also = [f.amount && t('dt.amount', { a: money(f.amount[0], f.currency), b: money(f.amount[1], f.currency) }), f.close_date && pair('dt.close', f.close_date)].filter(Boolean).join(' · ');
      if (e.kind === 'stage') return [html`<b>${f.from ? t('dt.moved', { from: stage(f.from), to: stage(f.to) }) : t('dt.began', { to: stage(f.to) })}</b>`, also];
      if (e.kind === 'change') return [also || html`<span>${f.fields.slice(0, 4).map(c => html`<span key=${c.field} class="dt-change">${c.field === 'channel' && c.after ? t('dt.room') : t('dt.field', { name: label(c.field), a: value(c.field, c.before), b: value(c.field, c.after) })}</span>`)}${f.fields.length > 4 && html`<span class="mut">${t('dt.fields', { n: f.fields.length })}</span>`}</span>`, ''];
      if (e.kind === 'note') return [f.title && html`<b>${f.title}</b>`, html`<span class="dt-text">${f.text}</span>`];
      if (e.kind === 'task') return [html`${t('dt.' + e.what)} <b>${f.subject}</b>`, f.due && t('dt.due', { date: date(f.due) })];
      if (e.kind === 'meeting') return [html`${t('dt.' + e.what)} <b>${f.subject}</b>`, f.place];
      if (e.kind === 'file') return [html`<a href=${f.url || `/api/v1/files/${f.file}`} target="_blank" rel="noopener">${f.name}</a>`, ''];
      if (e.kind === 'message') return e.what === 'posted' ? [f.private && !f.text ? html`<span class="mut">${t('dt.private')}</span>` : html`<span class="dt-text">${f.text}</span>`, ''] : [html`<span class="mut">${t(e.what === 'joined' ? 'dt.joined' : 'dt.sharedfile')}</span>`, ''];
      if (e.kind === 'product') return [html`${t('dt.used', { n: f.count })}`, Object.entries(f.events).sort(([, a], [, b]) => b - a).slice(0, 4).map(([name, n]) => `${name} ${n > 1 ? '×' + num(n) : ''}`).join(' · ')];
      if (e.kind === 'delivery') return [html`<b>${f.name}</b> ${t('dt.delivered', { n: f.impressions, c: f.clicks })}`, ''];
      if (e.kind === 'alert') return [html`<b>${f.name}</b> ${e.what}`, [f.forecast_percent != null && t('dt.forecast', { p: num(f.forecast_percent, 1) }), state.lang === 'ko' ? f.reason_ko : f.reason_en, f.shortfall_money && money(f.shortfall_money, f.currency)].filter(Boolean).join(' · ')];
      return [html`<span class="dt-text">${f.text}</span>`, [f.network, state.lang === 'ko' ? f.topic_ko : f.topic_en].filter(Boolean).join(' · ')];
    }
    const who = e => e.kind === 'social' ? e.facts.author ?? '' : e.kind === 'product' ? e.actor : e.actor === 'automation' ? t('dt.automation') : e.actor ? nameOfUser(p.people, e.actor) : ['stage', 'change', 'note', 'task'].includes(e.kind) ? t('dt.automation') : '';
    const line = e => {
      const [main, more] = said(e), name = who(e);
      return html`<li key=${e.kind + e.id} class=${'dt-entry dt-' + e.kind} data-row tabindex="0"><span class="dt-icon" title=${t('dt.k.' + e.kind)}>${icon(ICON[e.kind], 14)}</span>
        <div class="dt-body"><div class="dt-main">${name && html`<span class="dt-who">${e.kind !== 'delivery' && html`<${Avatar} name=${name} seed=${e.actor || name} size="s" />`}<b>${name}</b>${e.facts.customer && html`<span class="tag">${t('dt.customer')}</span>`}</span>`} ${main}</div>${more && html`<div class="mut sm">${more}</div>`}</div>
        <span class="dt-when mut sm nowrap">${e.path && html`<a href=${e.path} aria-label=${t('dt.open')} title=${t('dt.open')}>${icon('out', 12)}</a>`}<time datetime=${e.at} title=${dateTime(e.at)}>${time(e.at)}</time></span></li>`;
    };
    const days = () => { const groups = []; for (const e of entries.value) { const of = isoDay(e.at); if (groups.at(-1)?.[0] !== of) groups.push([of, []]); groups.at(-1)[1].push(e); } return groups; };
    return () => html`<section class="dt" aria-label=${t('dt.title')}><div class="dt-kinds" role="group" aria-label=${t('dt.show')}>${['', ...KINDS].map(k => html`<button key=${k || 'all'} type="button" class=${'btn ghost sm' + (kind.value === k ? ' on' : '')} aria-pressed=${String(kind.value === k)} @click=${() => { kind.value = k; }}>${k ? t('dt.k.' + k) : t('dt.all')}</button>`)}</div>
      ${error.value ? html`<${Failed} error=${error.value} retry=${() => begin(false)} small=${true} />` : loading.value && !entries.value.length ? html`<${Skeleton} kind="rows" n=${8} />`
    : !entries.value.length ? html`<${Empty} icon="clock" title=${t(kind.value ? 'dt.nonekind' : 'dt.none')} />`
      : html`${days().map(([day, list]) => html`<div key=${day} class="dt-day"><h3>${date(day)}</h3><ol>${list.map(line)}</ol></div>`)}
        ${next.value && html`<div class="table-more"><button type="button" class="btn" disabled=${older.busy} @click=${() => older.run()}>${t('dt.more')}</button></div>`}`}</section>`;
  },
};
