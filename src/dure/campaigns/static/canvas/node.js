// One step's form, by its kind.
import { Field, Holes, html, icon, t, words } from '../../web/kit.js';
import { channelName, code } from '../words.js';
import { EventOf, Length, Line, Pairs, Seg, Until } from './fields.js';
import { CHANNELS, iconOf, outcomes } from './journey.js';
import { RuleOf } from '../../segments/builder/embedded.js';
import { kindName, wayName } from './said.js';

words({
  ko: {
    'camp.n.write': '글 쓰기', 'camp.n.langs': '쓴 말', 'camp.n.quiet': '조용한 시간이면', 'camp.n.quiet.wait': '끝날 때까지 기다림', 'camp.n.quiet.skip': '보내지 않음', 'camp.n.quiet.ignore': '그래도 보냄', 'camp.n.for': '얼마 동안', 'camp.n.untilon': '그다음 정한 시각까지', 'camp.n.foron': '얼마 동안 기다리기', 'camp.n.wait': '무엇을 기다립니까', 'camp.n.within': '기다리는 한도', 'camp.n.limitwithin': '길이로', 'camp.n.limituntil': '시각으로', 'camp.n.case': '{n}번째 길', 'camp.n.addcase': '길 추가', 'camp.n.dropcase': '이 길 빼기', 'camp.n.share': '몫', 'camp.n.arm': '이름', 'camp.n.addarm': '몫 추가', 'camp.n.droparm': '{name} 빼기', 'camp.n.traits': '적을 특성', 'camp.n.traitshint': '{{ }} 안에 값을 넣을 수 있습니다', 'camp.n.method': '방법', 'camp.n.url': '주소', 'camp.n.headers': '헤더', 'camp.n.body': '본문', 'camp.n.to': '어디로', 'camp.n.to.channel': '채널', 'camp.n.to.deal': '딜', 'camp.n.channelname': '채널', 'camp.n.text': '글', 'camp.n.exitreason': '까닭', 'camp.n.exithint': '사람마다의 기록에 남습니다', 'camp.n.next': '다음', 'camp.n.end': '끝', 'camp.n.splithint': '사람과 캠페인으로 정해져 다시 와도 같은 쪽입니다', 'camp.n.handhint': '자동화가 받아 글을 올리거나 딜을 만듭니다', 'camp.n.id': 'ID', 'camp.n.calendar': '정한 시각', 'camp.i.title': '추천', 'camp.i.none': '추천 없음', 'camp.i.count': '개수', 'camp.i.kind': '추천하는 법',
    'camp.i.blend': '섞어서 잘된 것을 더', 'camp.i.together': '함께 들은 것', 'camp.i.collaborative': '취향이 비슷한 사람들', 'camp.i.popular': '지금 인기', 'camp.i.live': '방금 방송을 시작한 창작자', 'camp.i.resurrect': '예전에 좋아하던 것', 'camp.i.new': '새로 나온 것', 'camp.i.hint': '글에서 items[0].title, items[0].url 처럼 씁니다. 방금 들은 것과 막은 것은 나오지 않습니다.',
  },
  en: {
    'camp.n.write': 'Write', 'camp.n.langs': 'Written in', 'camp.n.quiet': 'In quiet hours', 'camp.n.quiet.wait': 'waits for their end', 'camp.n.quiet.skip': 'is not sent', 'camp.n.quiet.ignore': 'is sent all the same', 'camp.n.for': 'For how long', 'camp.n.untilon': 'Then until a time of day', 'camp.n.foron': 'Wait for a while', 'camp.n.wait': 'What to wait for', 'camp.n.within': 'For at most', 'camp.n.limitwithin': 'a length of time', 'camp.n.limituntil': 'a time of day', 'camp.n.case': 'Way {n}', 'camp.n.addcase': 'Add a way', 'camp.n.dropcase': 'Remove this way', 'camp.n.share': 'Share', 'camp.n.arm': 'Name', 'camp.n.addarm': 'Add a share', 'camp.n.droparm': 'Remove {name}', 'camp.n.traits': 'Traits to write', 'camp.n.traitshint': 'Values may stand in {{ }}', 'camp.n.method': 'Method', 'camp.n.url': 'Address', 'camp.n.headers': 'Headers', 'camp.n.body': 'Body', 'camp.n.to': 'To', 'camp.n.to.channel': 'a channel', 'camp.n.to.deal': 'a deal', 'camp.n.channelname': 'Channel', 'camp.n.text': 'Text', 'camp.n.exitreason': 'Reason', 'camp.n.exithint': 'kept with each person', 'camp.n.next': 'Next', 'camp.n.end': 'End', 'camp.n.splithint': 'Drawn from the person and the campaign: the same way each time', 'camp.n.handhint': 'An automation takes it on: it posts, or makes a deal', 'camp.n.id': 'Id', 'camp.n.calendar': 'A time of day', 'camp.i.title': 'Recommendations', 'camp.i.none': 'None', 'camp.i.count': 'How many', 'camp.i.kind': 'How to choose them',
    'camp.i.blend': 'A blend that learns', 'camp.i.together': 'Listened together', 'camp.i.collaborative': 'People of the same taste', 'camp.i.popular': 'Popular now', 'camp.i.live': 'A creator just went live', 'camp.i.resurrect': 'Old favourites', 'camp.i.new': 'New', 'camp.i.hint': 'In texts: items[0].title, items[0].url. Never what was just heard or blocked.',
  },
});

const ITEMS = ['blend', 'together', 'collaborative', 'popular', 'live', 'resurrect', 'new'];

// What is recommended in a message.
export const ItemsOf = {
  props: ['value', 'change', 'error'],
  setup: p => () => html`<${Line} label=${t('camp.i.title')} hint=${p.value ? t('camp.i.hint') : null} error=${p.error}><div class="row"><select class="input" name="items" aria-label=${t('camp.i.kind')} value=${p.value?.kind ?? ''} @change=${e => p.change(e.target.value ? { kind: e.target.value, count: p.value?.count ?? 3 } : null)}><option value="">${t('camp.i.none')}</option>${ITEMS.map(kind => html`<option key=${kind} value=${kind} selected=${kind === p.value?.kind}>${t('camp.i.' + kind)}</option>`)}</select>
    ${p.value && html`<input class="input num camp-amount" type="number" min="1" max="12" aria-label=${t('camp.i.count')} title=${t('camp.i.count')} value=${p.value.count ?? 3} @input=${e => p.change({ ...p.value, count: Number(e.target.value) || 1 })} />`}</div><//>`,
};

// props: doc, node, change(doc, of), errors(place), place, scope, write(node): opens the composer
export const NodeForm = {
  props: ['doc', 'node', 'change', 'errors', 'place', 'scope', 'write'],
  setup(p) {
    const set = (more, of) => p.change({ ...p.doc, nodes: p.doc.nodes.map(one => { if (one.id !== p.node.id) return one; const next = { ...one, ...more }; for (const name of Object.keys(more)) if (more[name] === undefined || more[name] === null) delete next[name]; return next; }) }, of && p.node.id + of);
    const wrong = name => p.errors(`${p.place}.${name}`);
    const text = (name, label, more) => html`<${Line} label=${label} error=${wrong(name)} hint=${more?.hint}><${Holes} value=${p.node[name] ?? ''} label=${label} scope=${more?.plain ? null : p.scope} plain=${more?.plain} rows=${more?.rows} options=${more?.options} change=${value => set({ [name]: value }, name)} /><//>`;
    const others = () => p.doc.nodes.filter(one => one.id !== p.node.id).map(one => ({ value: one.id, label: `${kindName(one)} (${one.id})` }));
    const goes = way => way ? (typeof p.node.next === 'string' ? p.node.next : p.node.next?.[way]) ?? null : typeof p.node.next === 'string' ? p.node.next : null;
    const lead = (way, to) => {
      if (!way) { set({ next: to ?? undefined }); return; }
      const before = typeof p.node.next === 'string' ? Object.fromEntries(outcomes(p.node).map(one => [one, p.node.next])) : { ...p.node.next };
      if (to) before[way] = to; else delete before[way];
      set({ next: Object.keys(before).length ? before : undefined });
    };
    const without = (next, key) => { if (!next || typeof next === 'string') return next; const { [key]: gone, ...rest } = next; return Object.keys(rest).length ? rest : undefined; };

    const forms = {
      delay: n => html`<${Field} name="for" type="switch" label=${t('camp.n.foron')} value=${!!n.for} change=${on => set({ for: on ? '1d' : undefined, ...(!on && !n.until && { until: { time: '09:00', zone: 'person' } }) })} />
        ${n.for && html`<${Length} label=${t('camp.n.for')} name="for" value=${n.for} error=${wrong('for')} change=${value => set({ for: value }, 'for')} />`}
        <${Field} name="until" type="switch" label=${t('camp.n.untilon')} value=${!!n.until} change=${on => set({ until: on ? { time: '09:00', zone: 'person' } : undefined, ...(!on && !n.for && { for: '1d' }) })} />
        ${n.until && html`<${Until} value=${n.until} error=${wrong('until') || wrong('until.time')} change=${until => set({ until }, 'until')} />`}`,
      wait: n => html`<${EventOf} label=${t('camp.n.wait')} value=${n.event} errors=${p.errors} place=${p.place + '.event'} change=${event => set({ event }, 'event')} />
        <${Line} label=${t('camp.n.within')}><${Seg} label=${t('camp.n.within')} value=${n.until ? 'until' : 'within'} options=${[['within', t('camp.n.limitwithin')], ['until', t('camp.n.limituntil')]]} change=${how => set(how === 'until' ? { until: { time: '20:00', zone: 'person' }, within: undefined } : { within: '2d', until: undefined })} /><//>
        ${n.until ? html`<${Until} value=${n.until} error=${wrong('until')} change=${until => set({ until }, 'until')} />` : html`<${Length} label="" name="within" value=${n.within} error=${wrong('within')} change=${within => set({ within }, 'within')} />`}`,
      branch: n => html`${n.when.map((one, i) => html`<section class="camp-case" key=${one.key}><div class="row"><b class="sm">${t('camp.n.case', { n: i + 1 })}</b><span class="grow"></span>${n.when.length > 1 && html`<button type="button" class="btn ghost ico sm" aria-label=${t('camp.n.dropcase')} title=${t('camp.n.dropcase')} @click=${() => set({ when: n.when.filter((_, j) => j !== i), next: without(n.next, one.key) })}>${icon('x', 14)}</button>`}</div>
          <${RuleOf} value=${one.rule} needed=${true} errors=${p.errors} place=${`${p.place}.when[${i}].rule`} change=${rule => set({ when: n.when.map((old, j) => j === i ? { ...old, rule } : old) }, 'when' + i)} /></section>`)}
        <button type="button" class="btn sm ghost camp-add" @click=${() => { let k = n.when.length + 1; while (n.when.some(one => one.key === 'w' + k)) k++; set({ when: [...n.when, { key: 'w' + k, rule: null }] }); }}>${icon('plus', 13)}${t('camp.n.addcase')}</button>`,
      split: n => html`<div class="camp-event">${n.arms.map((arm, i) => html`<div class="camp-arm" key=${i}><input class="input" aria-label=${t('camp.n.arm')} value=${arm.name} @change=${e => { const name = e.target.value.trim(); if (!name || n.arms.some((one, j) => j !== i && one.name === name)) { e.target.value = arm.name; return; } set({ arms: n.arms.map((one, j) => j === i ? { ...one, name } : one), ...(n.next && typeof n.next === 'object' && { next: Object.fromEntries(Object.entries(n.next).map(([key, to]) => [key === arm.name ? name : key, to])) }) }); }} />
          <span class="with-unit"><input class="input num" type="number" min="1" aria-label=${`${arm.name} ${t('camp.n.share')}`} value=${Math.round(arm.share * 1000) / 10} @input=${e => set({ arms: n.arms.map((one, j) => j === i ? { ...one, share: (Number(e.target.value) || 0) / 100 } : one) }, 'arm' + i)} /><span class="mut">%</span></span>
          <button type="button" class="btn ghost ico sm" disabled=${n.arms.length < 3} aria-label=${t('camp.n.droparm', { name: arm.name })} @click=${() => set({ arms: n.arms.filter((_, j) => j !== i), next: without(n.next, arm.name) })}>${icon('x', 14)}</button></div>`)}</div>
        <p class="hint">${t('camp.n.splithint')}</p>${wrong('arms') && html`<p class="wrong-text" role="alert">${wrong('arms')}</p>`}
        <button type="button" class="btn sm ghost camp-add" @click=${() => { let k = 0; while (n.arms.some(one => one.name === String.fromCharCode(65 + k))) k++; set({ arms: [...n.arms, { name: String.fromCharCode(65 + k), share: 0.5 }] }); }}>${icon('plus', 13)}${t('camp.n.addarm')}</button>`,
      message: n => html`<${Line} label=${t('camp.channel')} error=${wrong('channel')}><select class="input" name="channel" aria-label=${t('camp.channel')} value=${n.channel} @change=${e => set({ channel: e.target.value, texts: moved(n.texts, e.target.value) })}>${CHANNELS.map(one => html`<option key=${one} value=${one} selected=${one === n.channel}>${channelName(one)}</option>`)}</select><//>
        <${Line} label=${t('camp.n.langs')} error=${wrong('texts')}><div class="row wrap">${Object.keys(n.texts ?? {}).map(lang => html`<span class="tag" key=${lang}>${code('lang', lang)}</span>`)}<span class="grow"></span><button type="button" class="btn sm pri" data-first @click=${() => p.write(n.id)}>${icon('edit', 13)}${t('camp.n.write')}</button></div><//>
        <${ItemsOf} value=${n.items} error=${wrong('items')} change=${items => set({ items: items ?? undefined })} />
        <${Line} label=${t('camp.n.quiet')} error=${wrong('quiet')}><${Seg} label=${t('camp.n.quiet')} value=${n.quiet ?? 'wait'} options=${['wait', 'skip', 'ignore'].map(one => [one, t('camp.n.quiet.' + one)])} change=${quiet => set({ quiet: quiet === 'wait' ? undefined : quiet })} /><//>`,
      update: n => html`<${Pairs} label=${t('camp.n.traits')} value=${n.traits} scope=${p.scope} error=${wrong('traits')} change=${traits => set({ traits }, 'traits')} /><p class="hint">${t('camp.n.traitshint')}</p>`,
      webhook: n => html`<${Field} name="method" type="select" required=${true} label=${t('camp.n.method')} options=${['POST', 'PUT', 'PATCH', 'GET', 'DELETE']} value=${n.method ?? 'POST'} change=${method => set({ method })} />${text('url', t('camp.n.url'))}<${Pairs} label=${t('camp.n.headers')} value=${n.headers} scope=${p.scope} error=${wrong('headers')} change=${headers => set({ headers }, 'headers')} />${text('body', t('camp.n.body'), { rows: 5 })}`,
      hand_over: n => html`<${Line} label=${t('camp.n.to')}><${Seg} label=${t('camp.n.to')} value=${n.to ?? 'channel'} options=${[['channel', t('camp.n.to.channel')], ['deal', t('camp.n.to.deal')]]} change=${to => set({ to })} /><//>${(n.to ?? 'channel') === 'channel' && text('channel', t('camp.n.channelname'), { plain: true })}${text('text', t('camp.n.text'), { rows: 4, hint: t('camp.n.handhint') })}`,
      exit: n => text('reason', t('camp.n.exitreason'), { plain: true, hint: t('camp.n.exithint') }),
    };
    return () => {
      const { node } = p, ways = outcomes(node);
      return html`<div class="stack" key=${node.id}><section class="camp-part"><div class="row"><span class="camp-dot">${icon(iconOf(node), 15)}</span><b class="cut">${kindName(node)}</b><span class="grow"></span><code class="mut sm">${node.id}</code></div>
        ${p.errors(p.place) && html`<p class="wrong-text" role="alert">${icon('warn', 14)}${p.errors(p.place)}</p>`}${forms[node.kind]?.(node)}</section>
        ${node.kind !== 'exit' && html`<section class="camp-part"><h3>${t('camp.n.next')}</h3>${(ways.length ? ways : ['']).map(way => html`<${Field} key=${way} name=${'next' + way} label=${way ? wayName(node, way) : ''} type="select" options=${others()} placeholder=${t('camp.n.end')} value=${goes(way)} change=${to => lead(way, to)} error=${p.errors(`${p.place}.${way || 'next'}`)} />`)}</section>`}</div>`;
    };
  },
};

// Texts taken along to another channel: what both have stays, the words of one find their place in the other.
function moved(texts, channel) {
  return Object.fromEntries(Object.entries(texts ?? {}).map(([lang, text]) => {
    const title = text.subject || text.title || '', body = text.body || text.text || '';
    return [lang, { email: { subject: title, preheader: text.preheader ?? '', body }, push: { title, body, url: text.url ?? '' }, web_push: { title, body, url: text.url ?? '' }, sms: { body: body || title }, in_app: { form: 'card', title, body, url: text.url ?? '' }, webhook: { body }, post: { to: text.to ?? '', text: body || title } }[channel]];
  }));
}
