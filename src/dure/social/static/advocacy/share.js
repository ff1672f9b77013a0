// Sharing one story: a network, the text as it will stand there, the employee's own link; then whether it was posted.
import { action, api, ask, Badge, html, icon, load, Loaded, num, ref, sentence, state, t, toast, useKeys, watch } from '../../web/kit.js';
import { composerOf, lengthOn, takesLink } from './length.js';
import { nameOf } from './names.js';
import { MARKS } from './words.js';

export const Share = {
  props: ['story', 'networks', 'network', 'pick', 'close', 'changed'],
  setup(p) {
    const ready = load(async () => p.network && p.story.networks.includes(p.network) ? api.post('/advocacy/stories/' + p.story.id + '/shares', { network: p.network }) : null, { watch: () => p.network });
    const language = ref(state.lang), text = ref(''), host = ref(''), url = ref('');
    const share = ref(null);
    const begin = () => { const it = ready.data; if (!it) return; text.value = it.texts[language.value]; share.value = it.share; host.value = it.host; url.value = it.share.url; };
    watch(() => ready.data, begin);
    const speak = to => { if (text.value === ready.data.texts[language.value] || !text.value.trim()) text.value = ready.data.texts[to]; language.value = to; };
    const network = () => ready.data?.network, beside = () => takesLink(network()) ? ready.data.link : '';
    const count = () => lengthOn(network(), text.value, network().pasted ? '' : beside()), over = () => network().most ? Math.max(count() - network().most, 0) : 0;
    const lines = () => ready.data.lines, undisclosed = () => lines().length > 0 && !lines().some(line => text.value.includes(line));
    const line = () => lines()[language.value === 'en' ? lines().length - 1 : 0];
    const addLine = () => { const it = ready.data.link, at = text.value.indexOf(it); text.value = at < 0 ? text.value.trim() + '\n\n' + line() : text.value.slice(0, at).trim() + '\n\n' + line() + '\n\n' + text.value.slice(at); };
    const fine = () => !over() && !undisclosed() && text.value.trim();
    const target = () => composerOf(network(), text.value, ready.data.link, host.value);
    const keep = kept => { share.value = kept; p.changed(); };
    const note = async how => { try { keep(await api.post('/advocacy/shares/' + share.value.id + '/opened', { text: text.value, how })); } catch (error) { toast.error(error); } };
    const whole = () => takesLink(network()) && !network().pasted ? text.value.trim() + '\n\n' + ready.data.link : text.value;
    async function copy(what, said = true) { try { await navigator.clipboard.writeText(what); if (said) toast(t('adv.copied')); return true; } catch { toast(sentence(new Error('clipboard')), { kind: 'bad' }); return false; } }
    const copyText = async () => { if (network() && fine() && await copy(whole()) && !network().composer) note('clipboard'); };
    // The anchor opens by itself, which no blocker of windows minds; what is to be pasted is copied beside.
    const opening = () => { if (network().pasted) copy(text.value); note('composer'); };
    const saveHost = action(async () => { const me = await api.get('/advocacy/me'); const kept = await api.put('/advocacy/me', { named: me.named, reminders: me.reminders, sources: me.sources, mastodon: host.value }); host.value = kept.mastodon; ready.set({ ...ready.data, host: kept.mastodon }); }, { failed: toast.error });
    const publish = action(async () => {
      const account = ready.data.account;
      if (!await ask({ title: t('adv.lastlook'), body: text.value + (text.value.includes(ready.data.link) ? '' : '\n\n' + ready.data.link) + '\n\n' + t('adv.lastbody', { name: account.name }), action: t('adv.publish') })) return;
      const kept = await api.post('/advocacy/shares/' + share.value.id + '/publish', { source: account.id, text: text.value });
      keep(kept);
      toast(t({ said: 'adv.saidby', refused: 'adv.refusedby', unknown: 'adv.unknownby' }[kept.state], { name: account.name }), { kind: kept.state === 'said' ? 'ok' : 'bad' });
    }, { failed: toast.error });
    const posted = action(async () => { keep(await api.post('/advocacy/shares/' + share.value.id + '/posted', { url: url.value.trim() })); toast(t('adv.thanks')); }, { failed: toast.error });
    useKeys({ c: [copyText, 'adv.keycopy'] }, 'adv.keys');

    const mine = name => p.story.mine.find(one => one.network === name && one.state !== 'prepared');
    const choice = (name, i) => { const known = p.networks[name], before = mine(name); return html`<button type="button" key=${name} class=${'adv-net' + (p.network === name ? ' on' : '')} aria-pressed=${String(p.network === name)} data-network=${name} @click=${() => p.pick(name)}><kbd>${i + 1}</kbd><span class="cut">${known ? nameOf(known) : name}</span>${before && icon(before.state === 'said' ? 'check' : 'eye', 13)}</button>`; };
    const again = () => ['prepared', 'refused'].includes(share.value?.state);
    const after = () => share.value && share.value.shared_at && html`<section class="adv-after stack"><div class="row"><${Badge} kind=${MARKS[share.value.state]} text=${t('adv.s.' + share.value.state)} />
        ${share.value.url && html`<a class="social-link" href=${share.value.url} target="_blank" rel="noopener noreferrer">${t('adv.there')}${icon('arrow', 12)}</a>`}</div>
      ${share.value.how !== 'source' && html`<form class="row adv-posted" @submit=${e => { e.preventDefault(); posted.run(); }}><input class="input grow" type="url" aria-label=${t('adv.where')} placeholder=${t('adv.where')} value=${url.value} @input=${e => { url.value = e.target.value; }} /><button class="btn" type="submit" disabled=${posted.busy}>${t(share.value.state === 'said' ? 'adv.save' : 'adv.doneyes')}</button></form>`}</section>`;
    const way = () => {
      const net = network(), name = nameOf(net), to = target();
      const account = ready.data.account && again() && html`<button type="button" class="btn pri" disabled=${!fine() || publish.busy} @click=${publish.run}>${icon('check', 14)}${t('adv.account', { name: ready.data.account.name })}</button>`;
      if (net.composer.includes('{host}') && !ready.data.host) return html`${account && html`<div class="row">${account}</div>`}<form class="row adv-host" @submit=${e => { e.preventDefault(); saveHost.run(); }}><label class="grow adv-field stack"><span class="sm mut">${t('adv.host')}</span><input class="input" required placeholder=${t('adv.hosthint')} value=${host.value} @input=${e => { host.value = e.target.value; }} /></label><button class="btn" type="submit" disabled=${saveHost.busy}>${t('adv.save')}</button></form>`;
      const open = to && (fine() ? html`<a class="btn pri adv-go" href=${to} target="_blank" rel="noopener noreferrer" @click=${opening}>${icon('send', 14)}${t(net.pasted ? 'adv.copyopen' : 'adv.open', { name })}</a>` : html`<button type="button" class="btn pri adv-go" disabled>${icon('send', 14)}${t(net.pasted ? 'adv.copyopen' : 'adv.open', { name })}</button>`);
      return html`<div class="row wrap">${account}
        ${open}<button type="button" class=${'btn' + (net.composer ? '' : ' pri')} disabled=${!fine()} @click=${copyText}>${icon('copy', 14)}${t('adv.copy')}</button></div>`;
    };
    const draft = it => it && html`<div class="stack adv-draft"><div class="row"><span class="seg" role="group">${['ko', 'en'].map(one => html`<button type="button" key=${one} aria-pressed=${String(language.value === one)} @click=${() => speak(one)}>${t('adv.' + one)}</button>`)}</span><span class="grow"></span>
        <span class=${'sm num' + (over() ? ' poor' : ' mut')} role="status">${over() ? t('adv.over', { n: over() }) : network().most ? t('adv.count', { n: num(count()), most: num(network().most) }) : t('adv.length', { n: num(count()) })}</span></div>
      <textarea class="input adv-text" rows="8" aria-label=${t('adv.text')} aria-invalid=${fine() ? null : 'true'} value=${text.value} @input=${e => { text.value = e.target.value; }}></textarea>
      ${undisclosed() && html`<p class="notice warn sm">${icon('warn', 14)}<span>${t('adv.undisclosed', { line: line() })}</span><button type="button" class="btn sm" @click=${addLine}>${t('adv.addline')}</button></p>`}
      ${(network().pasted || !network().composer) && html`<p class="mut sm">${t(network().pasted ? 'adv.pasted' : 'adv.clip')}</p>`}
      <div class="row adv-link"><span class="mut sm nowrap">${t('adv.link')}</span><code class="cut">${it.link.replace(/^https?:\/\//, '')}</code><span class="grow"></span><button type="button" class="btn ghost sm" @click=${() => copy(it.link)}>${icon('copy', 13)}${t('adv.copylink')}</button></div>
      ${way()}${after()}</div>`;
    return () => html`<div class="adv-share"><header class="social-top row"><b class="cut">${p.story.title}</b><span class="grow"></span><button type="button" class="btn ghost ico sm" aria-label=${t('adv.close')} title=${t('adv.close')} @click=${p.close}>${icon('x', 14)}</button></header>
      <div class="stack adv-pad">${p.story.about && html`<p class="adv-full">${p.story.about}</p>`}<a class="social-link cut" href=${p.story.url} target="_blank" rel="noopener noreferrer">${p.story.url.replace(/^https?:\/\//, '')}${icon('arrow', 12)}</a>
      <h3>${t('adv.pick')}</h3><div class="adv-nets">${p.story.networks.map(choice)}</div>
      ${p.network && html`<${Loaded} of=${ready} show=${draft} skeleton="text" n=${5} />`}</div></div>`;
  },
};
