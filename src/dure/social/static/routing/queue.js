// The queue: a mention a row with who it could be for; one key decides, and the next is at hand.
import { Ago, api, Empty, Failed, go, html, inLang, Menu, nextTick, percent, ref, short, Skeleton, state, t, toast, useKeys } from '../../web/kit.js';
import { FEELINGS, networkName } from '../words.js';

// props: list (a load), sample (confirming instead of routing), functions {name: title}, share
export const Queue = {
  props: ['list', 'sample', 'functions', 'share'],
  setup(p) {
    const at = ref(0), gone = ref(new Set());
    const rows = () => (p.list.data?.waiting ?? []).filter(one => !gone.value.has(one.mention.id));
    const here = () => rows()[Math.min(at.value, rows().length - 1)];
    const title = name => inLang(p.functions[name] ?? {}) || name;
    const show = () => nextTick(() => document.querySelector('.route-row.on')?.scrollIntoView({ block: 'nearest' }));
    const move = by => { at.value = Math.max(0, Math.min(rows().length - 1, at.value + by)); show(); };

    // Gone from the screen at once; what the server refuses comes back.
    async function decide(one, verdict, name, said) {
      if (!one) return;
      gone.value = new Set([...gone.value, one.mention.id]);
      at.value = Math.max(0, Math.min(at.value, rows().length - 1)); show();
      try {
        await api.post('/mentions/' + one.mention.id + '/verdict', { verdict, function: name ?? '', version: one.mention.version });
        toast(said);
      } catch (error) {
        gone.value = new Set([...gone.value].filter(id => id !== one.mention.id));
        toast.error(error); p.list.reload({ quiet: true });
      }
    }
    const send = (one, name) => one && (p.sample && name === one.mention.function ? confirm(one) : decide(one, 'moved', name, t('route.sentto', { name: title(name) })));
    const confirm = one => decide(one, 'accepted', '', t('route.accepted'));
    const nobody = one => decide(one, 'nobody', '', t('route.closed'));
    const ranking = one => (one.decided?.ranking ?? []).filter(([name]) => name && !(one.decided.refused ?? []).includes(name));
    const first = one => one && (p.sample ? confirm(one) : ranking(one)[0] && send(one, ranking(one)[0][0]));
    const names = () => Object.keys(p.functions);

    useKeys({
      ...Object.fromEntries(Array.from({ length: 9 }, (_, i) => [String(i + 1), [() => names()[i] && send(here(), names()[i]), () => t('route.keysend', { name: names()[i] ? title(names()[i]) : '' })]])),
      0: [() => nobody(here()), 'route.keynobody'], a: [() => first(here()), 'route.keyfirst'], j: [() => move(1), 'route.keydown'], k: [() => move(-1), 'route.keyup'],
      o: [() => here() && go('/social?mention=' + here().mention.id), 'route.keyopen'],
    }, 'route.keys');

    const row = (one, index) => {
      const m = one.mention, on = here() === one;
      return html`<li key=${m.id} class=${'route-row' + (on ? ' on' : '')} aria-current=${on ? 'true' : null} @click=${() => { at.value = index; }}>
        <div class="route-what"><div class="row sm"><span class=${'route-dot f' + m.sentiment} title=${t(FEELINGS[m.sentiment])}></span><span class="tag">${networkName(m.network, state.lang)}</span><b class="cut">${m.author || m.handle}</b>
          ${m.reach > 0 && html`<span class="mut num nowrap">${t('social.reach', { n: short(m.reach) })}</span>`}<span class="grow"></span>
          ${(one.decided?.refused ?? []).map(name => html`<span class="route-no nowrap" key=${name}>${t('route.refusedby', { name: title(name) })}</span>`)}
          ${p.sample && html`<span class="nowrap">${t('route.went', { name: title(m.function) })}</span>`}<span class="mut nowrap"><${Ago} at=${m.posted_at} /></span></div>
          <p class="route-text"><a href=${'/social?mention=' + m.id} class="route-open">${m.text}</a></p></div>
        <div class="route-ways">${p.sample && html`<button type="button" class="btn sm pri" @click=${() => confirm(one)}>${t('route.right')}</button>`}
          ${ranking(one).filter(([name]) => !p.sample || name !== m.function).slice(0, p.sample ? 2 : 3).map(([name, chance], i) => html`<button type="button" key=${name} class=${'btn sm' + (!p.sample && i === 0 ? ' route-first' : '')} @click=${() => send(one, name)}>
            <kbd>${names().indexOf(name) + 1}</kbd>${title(name)}<span class="mut num">${percent(chance, 0)}</span></button>`)}
          <${Menu} cls="btn sm" label=${t('route.other')} text=${t('route.other')} items=${[...names().map((name, i) => ({ label: title(name), hint: String(i + 1), run: () => send(one, name) })), null, { label: t('route.nobody'), hint: '0', run: () => nobody(one) }]} /></div></li>`;
    };
    return () => {
      if (p.list.error && !p.list.data) return html`<${Failed} error=${p.list.error} retry=${p.list.reload} />`;
      if (!p.list.data) return html`<${Skeleton} n=${8} />`;
      const shown = rows();
      if (!shown.length) return html`<${Empty} icon="check" title=${t(p.sample ? 'route.sampleempty' : 'route.empty')} body=${p.sample ? t('route.samplebody', { n: p.share }) : t('route.emptybody')} />`;
      return html`<div class="view" data-scroll>${p.sample && html`<p class="mut sm route-note">${t('route.samplebody', { n: p.share })}</p>`}<ul class="route-list">${shown.map(row)}</ul></div>`;
    };
  },
};
