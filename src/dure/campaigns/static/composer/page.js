// The composer: a message's words in each language beside how they look, as any person would get them.
import { action, api, ask, askForm, boot, computed, html, icon, load, ref, remember, sentence, state, t, toast, watch, words } from '../../web/kit.js';
import { blank, CHANNEL_ICONS, messages } from '../canvas/journey.js';
import { ItemsOf } from '../canvas/node.js';
import { scopeOf } from '../canvas/page.js';
import { summary } from '../canvas/said.js';
import { channelName, code } from '../words.js';
import { TextFields } from './fields.js';
import { Mail } from './mail.js';
import { Phone } from './phone.js';

words({
  ko: {
    'camp.co.messages': '메시지', 'camp.co.none': '메시지 단계가 없습니다', 'camp.co.nonebody': '여정에 메시지를 넣으면 여기서 글을 씁니다.', 'camp.co.tojourney': '여정으로', 'camp.co.language': '쓰는 말', 'camp.co.addlang': '{lang} 추가', 'camp.co.droplang': '{lang} 빼기', 'camp.co.as': '이 사람에게 보이는 모습', 'camp.co.find': '이름, 메일, ID로 찾기', 'camp.co.nobody': '맞는 사람이 없습니다', 'camp.co.raw': '아직 사람을 고르지 않아 값이 들어갈 자리가 그대로 보입니다.', 'camp.co.missing': '이 사람에게는 {path} 값이 없습니다. 이대로면 실패하고 보내지 않습니다.', 'camp.co.missinghint': '없어도 되면 {{ {path} | default: "…" }}', 'camp.co.test': '시험 발송', 'camp.co.testto': '받을 주소', 'camp.co.testhint': '쉼표나 Enter로 여럿. 결과와 상한에는 들지 않습니다.', 'camp.co.testsent': '시험으로 {n}통을 보냈습니다', 'camp.co.testfailed': '{n}통이 가지 못했습니다', 'camp.co.testwho': '먼저 받을 사람을 고르세요', 'camp.co.testdevice': '{name}님의 기기로 시험 메시지를 보냅니다. 결과와 상한에는 들지 않습니다.', 'camp.co.clear': '고르지 않기', 'camp.co.previewing': '그리는 중…', 'camp.co.langs': '언어', 'camp.co.plainpost': '채널에 이렇게 올라갑니다', 'camp.co.webhookbody': '이렇게 보냅니다', 'camp.co.save1st': '먼저 저장해야 시험으로 보낼 수 있습니다', 'camp.co.sms': '{encoding} {letters}자, {parts}통으로 나갑니다',
  },
  en: {
    'camp.co.messages': 'Messages', 'camp.co.none': 'No message steps', 'camp.co.nonebody': 'Put a message into the journey, and its words are written here.', 'camp.co.tojourney': 'To the journey', 'camp.co.language': 'Language', 'camp.co.addlang': 'Add {lang}', 'camp.co.droplang': 'Remove {lang}', 'camp.co.as': 'As this person sees it', 'camp.co.find': 'Find by name, e-mail or id', 'camp.co.nobody': 'Nobody fits', 'camp.co.raw': 'Nobody is chosen yet, so places for values are shown as they are.', 'camp.co.missing': 'There is no {path} for this person. As it is, the message fails and is not sent.', 'camp.co.missinghint': 'If it may be missing: {{ {path} | default: "…" }}', 'camp.co.test': 'Send a test', 'camp.co.testto': 'To', 'camp.co.testhint': 'Several with a comma or Enter. Tests count in no result and no cap.', 'camp.co.testsent': '{n} {n|test was|tests were} sent', 'camp.co.testfailed': '{n} did not arrive', 'camp.co.testwho': 'Choose somebody first', 'camp.co.testdevice': 'The test goes to {name}’s own device. It counts in no result and no cap.', 'camp.co.clear': 'Choose nobody', 'camp.co.previewing': 'Drawing…', 'camp.co.langs': 'Languages', 'camp.co.plainpost': 'Posted like this', 'camp.co.webhookbody': 'Sent like this', 'camp.co.save1st': 'Save first, then a test can be sent', 'camp.co.sms': '{letters} letters of {encoding}, sent as {parts} {parts|message|messages}',
  },
});
export const LANGUAGES = ['ko', 'en'];
// The language of the screen first.
const inOrder = texts => Object.keys(texts ?? {}).sort((a, b) => (b === state.lang) - (a === state.lang) || a.localeCompare(b));

// props: draft, campaign, at(place) → {message, line} or null, locked, node (ref), toFlow()
export const Composer = {
  props: ['draft', 'campaign', 'at', 'locked', 'node', 'toFlow'],
  setup(p) {
    const doc = () => p.draft.doc, all = () => messages(doc());
    const node = computed(() => all().find(one => one.id === p.node.value) ?? all()[0]);
    const lang = ref(state.lang), who = ref(remember('camp-as') ?? null);
    const spoken = computed(() => { const has = Object.keys(node.value?.texts ?? {}); return has.includes(lang.value) ? lang.value : inOrder(node.value?.texts)[0] ?? state.lang; });
    const text = () => node.value.texts?.[spoken.value] ?? {};
    const put = (more, of) => p.draft.change({ ...doc(), nodes: doc().nodes.map(one => one.id === node.value.id ? { ...one, ...more } : one) }, of && node.value.id + of);
    const write = (value, of) => put({ texts: { ...node.value.texts, [spoken.value]: value } }, spoken.value + of);
    const addLang = code => { put({ texts: { ...node.value.texts, [code]: blank(node.value.channel) } }); lang.value = code; };
    const dropLang = code => { const { [code]: gone, ...rest } = node.value.texts; put({ texts: rest }); };
    const place = name => `nodes[${doc().nodes.indexOf(doc().nodes.find(one => one.id === node.value.id))}].texts.${spoken.value}.${name}`;

    // -- as one person gets it ---------------------------------------------------------------------------------------
    const asked = ref(null);
    let timer = 0;
    // Only this message in this language: what is unfinished elsewhere keeps nobody from looking at it.
    function alone() {
      const { next, ...rest } = node.value, it = doc();
      return { name: Object.keys(it.name ?? {}).length ? it.name : { [state.lang]: '–' }, kind: 'triggered', entry: { trigger: { event: it.entry?.trigger?.event || 'Listen Started' } }, start: rest.id, nodes: [{ ...rest, texts: { [spoken.value]: text() } }], topic: it.topic ?? 'marketing' };
    }
    watch(() => node.value && who.value && JSON.stringify([alone(), node.value.id, who.value.id]), now => { clearTimeout(timer); timer = setTimeout(() => { asked.value = now || null; }, asked.value === null ? 0 : 450); }, { immediate: true });
    const seen = load(async signal => {
      if (!asked.value) return null;
      const [design, id, person] = JSON.parse(asked.value);
      return await api.post('/campaigns/preview', { design, node: id, person }, { signal });
    }, { watch: () => asked.value });
    const raw = () => { const it = text(); return { title: it.subject ?? it.title ?? '', preheader: it.preheader, text: it.body ?? it.text ?? it.mjml ?? '', html: '', url: it.url, image: it.image, more: { form: it.form, button: it.button, to: it.to } }; };
    const content = () => who.value && seen.data && !seen.error ? { ...seen.data, title: seen.data.title ?? seen.data.subject ?? '', text: seen.data.text ?? '', preheader: text().preheader ? seen.data.more?.preheader ?? '' : '' } : raw();

    const test = action(async () => {
      // An address can be written; a device is somebody's.
      const written = ['email', 'sms', 'post'].includes(node.value.channel), seeds = boot.me?.email ? [boot.me.email] : [];
      if (!written && !who.value) { toast(t('camp.co.testwho'), { kind: 'bad' }); return; }
      const send = to => api.post(`/campaigns/${p.campaign.id}/tests`, { node: node.value.id, to, ...(who.value && { person: who.value.id }) });
      const done = !written ? await ask({ title: t('camp.co.test'), body: t('camp.co.testdevice', { name: who.value.name }), action: t('camp.co.test') }) && await send(['person:' + who.value.id]) : await askForm({
        title: t('camp.co.test'), submitLabel: t('camp.co.test'), fields: [{ name: 'to', label: t('camp.co.testto'), type: 'tokens', required: true, hint: t('camp.co.testhint'), initial: node.value.channel === 'email' ? seeds : [] }],
        submit: values => send(values.to),
      });
      if (!done) return;
      const sent = done.tests.filter(one => one.state === 'sent').length;
      if (sent) toast(t('camp.co.testsent', { n: sent }));
      const failed = done.tests.filter(one => one.state !== 'sent');
      if (failed.length) toast(`${t('camp.co.testfailed', { n: failed.length })} ${failed[0].detail ?? ''}`, { kind: 'bad' });
    }, { failed: toast.error });

    const shape = () => {
      const it = content(), channel = node.value.channel;
      if (channel === 'email') return html`<${Mail} content=${it} from=${seen.data?.from ?? ''} to=${who.value ? seen.data?.to ?? '' : ''} />`;
      if (['push', 'web_push', 'in_app', 'sms'].includes(channel)) return html`<${Phone} channel=${channel} content=${it} />${who.value && seen.data?.sms && html`<p class="mut sm c num">${t('camp.co.sms', { parts: seen.data.sms.parts, letters: seen.data.sms.letters, encoding: seen.data.sms.encoding.toUpperCase() })}</p>`}`;
      return html`<div class="camp-post"><p class="mut sm">${t(channel === 'post' ? 'camp.co.plainpost' : 'camp.co.webhookbody')}</p>${channel === 'post' && html`<b class="row">${icon('hash', 14)}${it.more?.to || '…'}</b>`}<pre>${it.text}</pre></div>`;
    };
    const problem = () => {
      const error = who.value && seen.error;
      if (!error) return null;
      return html`<div class="notice bad" role="alert">${icon('warn')}<span>${error.code === 'missing_value' && error.data?.path ? html`${t('camp.co.missing', { path: error.data.path })} <span class="mut">${t('camp.co.missinghint', { path: error.data.path })}</span>` : sentence(error)}</span></div>`;
    };
    return () => {
      if (!node.value) return html`<div class="empty"><span class="empty-icon">${icon('mail', 24)}</span><h2>${t('camp.co.none')}</h2><p>${t('camp.co.nonebody')}</p><div class="actions"><button type="button" class="btn pri" @click=${p.toFlow}>${t('camp.co.tojourney')}</button></div></div>`;
      const it = node.value, langs = Object.keys(it.texts ?? {});
      return html`<div class=${'camp-composer' + (all().length > 1 ? ' several' : '')}>
        ${all().length > 1 && html`<nav class="camp-list" aria-label=${t('camp.co.messages')}>${all().map(one => html`<button type="button" key=${one.id} class=${one.id === it.id ? 'on' : ''} data-row aria-current=${one.id === it.id ? 'true' : null} @click=${() => { p.node.value = one.id; }}><span class="row">${icon(CHANNEL_ICONS[one.channel] ?? 'send', 14)}<b class="cut">${channelName(one.channel)}</b></span><span class="cut mut sm">${summary(one, state.lang)}</span></button>`)}</nav>`}
        <section class="camp-write" aria-label=${channelName(it.channel)}><div class="row wrap camp-langs"><div class="tabs" role="tablist" aria-label=${t('camp.co.language')}>${langs.map(one => html`<button type="button" role="tab" key=${one} aria-selected=${String(one === spoken.value)} @click=${() => { lang.value = one; }}>${code('lang', one)}</button>`)}</div>
            ${!p.locked && LANGUAGES.filter(one => !langs.includes(one)).map(one => html`<button type="button" class="btn sm" key=${one} @click=${() => addLang(one)}>${icon('plus', 12)}${t('camp.co.addlang', { lang: code('lang', one) })}</button>`)}
            <span class="grow"></span>${!p.locked && langs.length > 1 && html`<button type="button" class="btn sm ghost" @click=${() => dropLang(spoken.value)}>${t('camp.co.droplang', { lang: code('lang', spoken.value) })}</button>`}</div>
          <${TextFields} key=${it.id + spoken.value} node=${it} text=${text()} change=${write} wrong=${name => p.at(place(name))} scope=${scopeOf(doc(), it)} locked=${p.locked} />
          ${p.at(place('').replace(/\.\w+\.$/, '')) && html`<p class="wrong-text" role="alert">${icon('warn', 14)}${p.at(place('').replace(/\.\w+\.$/, '')).message}</p>`}
          <fieldset class="camp-form" disabled=${p.locked}><${ItemsOf} value=${it.items} change=${items => put({ items: items ?? undefined })} /></fieldset></section>
        <section class="camp-see" aria-label=${t('camp.co.as')}><div class="row"><${Who} value=${who.value} change=${one => { who.value = one; remember('camp-as', one); }} /><button type="button" class="btn sm" disabled=${test.busy || p.draft.dirty} title=${p.draft.dirty ? t('camp.co.save1st') : null} @click=${test.run}>${icon('send', 13)}${t('camp.co.test')}</button></div>
          ${problem()}${!who.value && html`<p class="mut sm">${t('camp.co.raw')}</p>`}<div class=${seen.loading && who.value ? 'camp-drawing' : ''}>${shape()}</div></section></div>`;
    };
  },
};

// Somebody, found by a part of a name.
export const Who = {
  props: ['value', 'change'],
  setup(p) {
    const text = ref(''), open = ref(false), at = ref(0), asked = ref('');
    let timer = 0;
    watch(text, now => { clearTimeout(timer); timer = setTimeout(() => { asked.value = now; }, 200); });
    const found = load(async signal => open.value ? (await api.get('/people', { signal, query: { q: asked.value, limit: 7 } })).people : [], { watch: () => [asked.value, open.value] });
    const nameOf = one => one.traits?.name ?? one.name ?? one.traits?.email ?? one.distinct_ids?.[0] ?? one.id;
    const hint = one => one.traits?.email ?? one.distinct_ids?.[0] ?? '';
    const take = one => { open.value = false; text.value = ''; p.change(one && { id: one.id, name: nameOf(one), hint: hint(one) }); };
    const key = e => { if (e.isComposing) return; const n = found.data?.length ?? 0;
      if (e.key === 'Escape' && open.value) { e.preventDefault(); e.stopPropagation(); open.value = false; }
      if (!n || !['ArrowDown', 'ArrowUp', 'Enter'].includes(e.key)) return; e.preventDefault();
      if (e.key === 'Enter') take(found.data[at.value]); else at.value = (at.value + (e.key === 'ArrowDown' ? 1 : n - 1)) % n; };
    return () => html`<div class="camp-who"><span class="row input">${icon('person', 14)}<input role="combobox" aria-expanded=${String(open.value)} aria-controls="camp-who-list" aria-label=${t('camp.co.as')} placeholder=${p.value ? p.value.name : t('camp.co.find')} value=${text.value} @focus=${() => { open.value = true; at.value = 0; }} @blur=${() => { open.value = false; }} @input=${e => { text.value = e.target.value; open.value = true; at.value = 0; }} @keydown=${key} />
      ${p.value && html`<button type="button" class="btn ghost ico sm" aria-label=${t('camp.co.clear')} title=${t('camp.co.clear')} @click=${() => take(null)}>${icon('x', 13)}</button>`}</span>
      ${open.value && html`<ul class="holes-offer" id="camp-who-list" role="listbox">${(found.data ?? []).map((one, i) => html`<li key=${one.id} role="option" aria-selected=${String(i === at.value)} @mousedown=${e => { e.preventDefault(); take(one); }}><span>${nameOf(one)}</span><span class="mut sm cut">${hint(one)}</span></li>`)}${found.data && !found.data.length && html`<li class="mut sm">${t('camp.co.nobody')}</li>`}</ul>`}</div>`;
  },
};
