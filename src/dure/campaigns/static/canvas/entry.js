// How people come in and go out again, and by what success is measured.
import { date, Field, html, icon, state, t, words } from '../../web/kit.js';
import { Days, EventOf, Length, Line, Seg } from './fields.js';
import { RuleOf } from '../../segments/builder/embedded.js';
import { againSaid } from './said.js';

words({
  ko: {
    'camp.en.title': '들어오는 법', 'camp.en.name': '이름', 'camp.en.nameko': '이름 (한국어)', 'camp.en.nameen': '이름 (영어)', 'camp.en.audience': '대상', 'camp.en.audiencehint': '들어올 때 이 규칙에 맞는 사람만 들어옵니다.', 'camp.en.trigger': '시작하는 이벤트', 'camp.en.begins': '언제 들어옵니까', 'camp.en.b.event': '이벤트가 올 때', 'camp.en.b.at': '시작할 때', 'camp.en.b.every': '되풀이', 'camp.en.at': '언제', 'camp.en.athint': '비우면 시작하는 즉시', 'camp.en.every': '되풀이', 'camp.en.weekly': '요일마다', 'camp.en.monthly': '달마다', 'camp.en.day': '며칠', 'camp.en.until': '마지막 날', 'camp.en.zone': '누구의 시간', 'camp.en.again': '다시 들어오기', 'camp.en.onceonly': '한 번만', 'camp.en.mayagain': '다시 들어올 수 있음', 'camp.en.clock': '무엇부터 셉니까', 'camp.en.clock.entry': '들어온 때', 'camp.en.clock.send': '받은 때', 'camp.en.clock.exit': '나간 때', 'camp.en.after': '이만큼 지나면', 'camp.en.most': '모두 몇 번까지', 'camp.en.mosthint': '비우면 제한 없음',
    'camp.en.exits': '나가는 규칙', 'camp.en.exitshint': '이 이벤트가 오는 순간, 그리고 단계마다 다시 봅니다.', 'camp.en.exitevent': '이 이벤트를 하면', 'camp.en.exitrule': '이 규칙에 맞으면', 'camp.en.dropexit': '이 규칙 빼기', 'camp.en.goal': '목표와 대조군', 'camp.en.goalhint': '받을 차례가 된 때부터 이 기간 안에 하면 성공으로 셉니다.', 'camp.en.holdout': '보내지 않고 견줄 몫', 'camp.en.holdouthint': '이 사람들도 보낼 뻔한 때가 기록되어 양쪽을 같은 순간부터 잽니다.', 'camp.en.global': '전체 대조군은 빼고 보냄', 'camp.en.priority': '급한 정도', 'camp.en.priorityhint': '1이 가장 먼저. 하루 상한에 걸리면 급한 캠페인이 남습니다.', 'camp.en.topic': '성격', 'camp.en.sets': '설정', 'camp.en.kind': '종류', 'camp.en.othertopic': '다른 주제', 'camp.en.none': '아직 없습니다',
  },
  en: {
    'camp.en.title': 'How people come in', 'camp.en.name': 'Name', 'camp.en.nameko': 'Name (Korean)', 'camp.en.nameen': 'Name (English)', 'camp.en.audience': 'Audience', 'camp.en.audiencehint': 'Only those for whom this holds come in.', 'camp.en.trigger': 'The event that begins it', 'camp.en.begins': 'When people come in', 'camp.en.b.event': 'At an event', 'camp.en.b.at': 'At launch', 'camp.en.b.every': 'Every so often', 'camp.en.at': 'When', 'camp.en.athint': 'Empty: as soon as it is launched', 'camp.en.every': 'Repeats', 'camp.en.weekly': 'by weekday', 'camp.en.monthly': 'by day of the month', 'camp.en.day': 'Day', 'camp.en.until': 'Last date', 'camp.en.zone': 'Whose clock', 'camp.en.again': 'Coming in again', 'camp.en.onceonly': 'Once only', 'camp.en.mayagain': 'May come in again', 'camp.en.clock': 'Counted from', 'camp.en.clock.entry': 'coming in', 'camp.en.clock.send': 'the last message', 'camp.en.clock.exit': 'going out', 'camp.en.after': 'After', 'camp.en.most': 'Times in all', 'camp.en.mosthint': 'Empty: no limit',
    'camp.en.exits': 'Exit rules', 'camp.en.exitshint': 'Looked at when the event comes, and again at every step.', 'camp.en.exitevent': 'When they do this', 'camp.en.exitrule': 'When this holds', 'camp.en.dropexit': 'Remove this rule', 'camp.en.goal': 'Goal and control', 'camp.en.goalhint': 'It counts as success within this time from the moment they were due a message.', 'camp.en.holdout': 'Held back to compare with', 'camp.en.holdouthint': 'The moment they would have got it is recorded, so that both halves are counted from the same moment.', 'camp.en.global': 'Leave out the global holdout', 'camp.en.priority': 'Priority', 'camp.en.priorityhint': '1 goes first. Where a daily cap is reached, the more urgent campaign stays.', 'camp.en.topic': 'Topic', 'camp.en.sets': 'Settings', 'camp.en.kind': 'Kind', 'camp.en.othertopic': 'Another topic', 'camp.en.none': 'None yet',
  },
});

// A local date and time as written in a design ("2026-12-01T09:00"), as people read it.
export const localSaid = at => { const [day, clock] = String(at).split('T'); return `${date(day)} ${clock ?? ''}`; };

// How people come in: at an event, when it is launched (or at a time), or every so often. A journey may do each of them.
const beginsBy = ({ kind, entry = {} }) => ({ once: 'at', recurring: 'every', triggered: 'event' })[kind] ?? (entry.trigger ? 'event' : entry.every ? 'every' : 'at');
const BEGINNINGS = {
  event: it => ({ at: null, every: null, trigger: it.trigger ?? { event: '' } }),
  at: () => ({ every: null, trigger: null }),
  every: it => ({ at: null, trigger: null, every: it.every ?? { time: '09:00', days: ['mon'] } }),
};

export const EntryForm = {
  props: ['doc', 'change', 'errors'],
  setup(p) {
    const set = (more, of) => { const next = { ...p.doc, ...more }; for (const name of Object.keys(more)) if (more[name] === undefined) delete next[name]; p.change(next, of); };
    const entry = () => p.doc.entry ?? {}, enter = (more, of) => set({ entry: clean({ ...entry(), ...more }) }, of);
    const wrong = place => p.errors(place);
    return () => {
      const { doc } = p, it = entry(), every = it.every ?? {}, again = it.again, exits = doc.exits ?? [], goal = doc.goal ?? { event: '' };
      const names = Object.keys(doc.name ?? {}), begins = beginsBy(doc);
      return html`<div class="stack"><section class="camp-part"><h3>${t('camp.en.title')}</h3>
        ${[...new Set(['ko', 'en', ...names])].map(lang => html`<${Field} key=${lang} name=${'name-' + lang} label=${t(lang === 'ko' ? 'camp.en.nameko' : 'camp.en.nameen')} value=${doc.name?.[lang] ?? ''} change=${text => set({ name: clean({ ...doc.name, [lang]: text }) }, 'name' + lang)} error=${wrong('name.' + lang) || (lang === state.lang ? wrong('name') : '')} />`)}
        <${Line} label=${t('camp.en.kind')} error=${wrong('kind')}><select class="input" name="kind" aria-label=${t('camp.en.kind')} value=${doc.kind} @change=${e => kindTo(e.target.value)}>${['once', 'recurring', 'triggered', 'journey'].map(one => html`<option key=${one} value=${one} selected=${one === doc.kind}>${`${t('camp.' + one)} – ${t(`camp.${one}.about`)}`}</option>`)}</select><//>
        ${doc.kind === 'journey' && html`<${Line} label=${t('camp.en.begins')}><${Seg} label=${t('camp.en.begins')} value=${begins} options=${['event', 'at', 'every'].map(one => [one, t('camp.en.b.' + one)])} change=${how => enter(BEGINNINGS[how](it))} /><//>`}
        ${begins === 'at' && html`<${Line} label=${t('camp.en.at')} hint=${t('camp.en.athint')} error=${wrong('entry.at')}><input class="input num" type="datetime-local" name="at" aria-label=${t('camp.en.at')} value=${it.at ?? ''} @input=${e => enter({ at: e.target.value || null }, 'at')} /><//>`}
        ${begins === 'every' && html`<${Line} label=${t('camp.en.every')} error=${wrong('entry.every')}><${Seg} label=${t('camp.en.every')} value=${every.day ? 'month' : 'week'} options=${[['week', t('camp.en.weekly')], ['month', t('camp.en.monthly')]]} change=${how => enter({ every: how === 'month' ? clean({ ...every, days: null, day: every.day ?? 1 }) : clean({ ...every, day: null, days: ['mon'] }) })} /><//>
          ${every.day ? html`<${Field} name="day" type="number" min=${1} max=${28} label=${t('camp.en.day')} value=${every.day} error=${wrong('entry.every.day')} change=${day => enter({ every: { ...every, day: day ?? 1 } }, 'day')} />` : html`<${Line} label=${t('camp.days')} error=${wrong('entry.every.days')}><${Days} value=${every.days} change=${days => enter({ every: clean({ ...every, days }) })} /><//>`}
          <div class="camp-two"><${Line} label=${t('camp.clock')} error=${wrong('entry.every.time')}><input class="input num" type="time" name="time" aria-label=${t('camp.clock')} value=${every.time ?? ''} @input=${e => enter({ every: { ...every, time: e.target.value } }, 'time')} /><//>
          <${Field} name="until" type="date" label=${t('camp.en.until')} value=${every.until ?? ''} error=${wrong('entry.every.until')} change=${until => enter({ every: clean({ ...every, until: until || null }) }, 'until')} /></div>`}
        ${(begins === 'every' || (begins === 'at' && (doc.kind === 'once' || it.at))) && html`<${Line} label=${t('camp.en.zone')}><${Seg} label=${t('camp.en.zone')} value=${it.zone ?? 'workspace'} options=${[['person', t('camp.w.personzone')], ['workspace', t('camp.w.workzone')]]} change=${zone => enter({ zone })} /><//>`}
        ${begins === 'event' && html`<${EventOf} label=${t('camp.en.trigger')} value=${it.trigger} errors=${p.errors} place="entry.trigger" change=${trigger => enter({ trigger }, 'trigger')} />`}</section>
        <section class="camp-part"><h3>${t('camp.en.audience')}</h3><p class="hint">${t('camp.en.audiencehint')}</p><${RuleOf} value=${it.audience ?? null} errors=${p.errors} place="entry.audience" change=${audience => enter({ audience }, 'audience')} /></section>
        <section class="camp-part"><h3>${t('camp.en.again')}</h3><${Seg} label=${t('camp.en.again')} value=${!!again} options=${[[false, t('camp.en.onceonly')], [true, t('camp.en.mayagain')]]} change=${on => enter({ again: on ? { clock: 'entry', after: '30d' } : null })} />
          ${again && html`<div class="camp-two"><${Field} name="clock" type="select" required=${true} label=${t('camp.en.clock')} options=${['entry', 'send', 'exit'].map(one => ({ value: one, label: t('camp.en.clock.' + one) }))} value=${again.clock ?? 'entry'} change=${clock => enter({ again: { ...again, clock } })} />
            <${Length} label=${t('camp.en.after')} name="after" value=${again.after} error=${wrong('entry.again.after')} change=${after => enter({ again: { ...again, after } }, 'after')} />
            <${Field} name="most" type="number" label=${t('camp.en.most')} hint=${t('camp.en.mosthint')} value=${again.most ?? null} error=${wrong('entry.again.most')} change=${most => enter({ again: clean({ ...again, most }) }, 'most')} /></div>`}
          <p class="camp-said">${againSaid(again)}</p>${wrong('entry.again') && html`<p class="wrong-text" role="alert">${wrong('entry.again')}</p>`}</section>
        <section class="camp-part"><h3>${t('camp.en.exits')}</h3><p class="hint">${t('camp.en.exitshint')}</p>${exits.map((one, i) => html`<div class="camp-case" key=${i}><div class="row"><b class="sm">${t(one.rule !== undefined ? 'camp.en.exitrule' : 'camp.en.exitevent')}</b><span class="grow"></span><button type="button" class="btn ghost ico sm" aria-label=${t('camp.en.dropexit')} title=${t('camp.en.dropexit')} @click=${() => set({ exits: exits.filter((_, j) => j !== i) })}>${icon('x', 14)}</button></div>
          ${one.rule !== undefined ? html`<${RuleOf} value=${one.rule} needed=${true} errors=${p.errors} place=${`exits[${i}].rule`} change=${rule => set({ exits: exits.map((old, j) => j === i ? { rule } : old) }, 'exit' + i)} />` : html`<${EventOf} label="" value=${one} errors=${p.errors} place=${`exits[${i}]`} change=${next => set({ exits: exits.map((old, j) => j === i ? next : old) }, 'exit' + i)} />`}</div>`)}
          <div class="row wrap"><button type="button" class="btn sm" @click=${() => set({ exits: [...exits, { event: '' }] })}>${icon('plus', 13)}${t('camp.en.exitevent')}</button><button type="button" class="btn sm" @click=${() => set({ exits: [...exits, { rule: null }] })}>${icon('plus', 13)}${t('camp.en.exitrule')}</button></div></section>
        <section class="camp-part"><h3>${t('camp.en.goal')}</h3><${EventOf} label=${t('camp.goal')} value=${goal} errors=${p.errors} place="goal" change=${next => set({ goal: next }, 'goal')} />
          <${Length} label=${t('camp.window')} name="window" value=${doc.window ?? '1d'} error=${wrong('window')} hint=${t('camp.en.goalhint')} change=${window => set({ window: window ?? '1d' }, 'window')} />
          <${Field} name="holdout" type="number" unit="%" min=${0} max=${99} label=${t('camp.en.holdout')} hint=${t('camp.en.holdouthint')} value=${Math.round((doc.holdout ?? 0.5) * 1000) / 10} error=${wrong('holdout')} change=${value => typeof value === 'number' && set({ holdout: value / 100 }, 'holdout')} />
          <${Field} name="global" type="switch" label=${t('camp.en.global')} value=${doc.global_holdout ?? true} change=${global_holdout => set({ global_holdout })} /></section>
        <section class="camp-part"><h3>${t('camp.en.sets')}</h3><${Line} label=${t('camp.en.priority')} hint=${t('camp.en.priorityhint')} error=${wrong('priority')}><${Seg} label=${t('camp.en.priority')} value=${doc.priority ?? 3} options=${[1, 2, 3, 4, 5].map(n => [n, String(n)])} change=${priority => set({ priority })} /><//>
          <${Field} name="topic" type="text" label=${t('camp.en.topic')} value=${doc.topic ?? 'marketing'} options=${[{ value: 'marketing', label: t('camp.topic.marketing') }, { value: 'transactional', label: t('camp.topic.transactional') }]} error=${wrong('topic')} change=${topic => set({ topic }, 'topic')} /></section></div>`;
      function kindTo(next) { set({ kind: next, entry: next === 'journey' ? it : clean({ ...it, ...BEGINNINGS[{ once: 'at', recurring: 'every', triggered: 'event' }[next]](it) }) }); }
    };
  },
};
const clean = value => Object.fromEntries(Object.entries(value).filter(([, one]) => one !== null && one !== undefined && one !== ''));
