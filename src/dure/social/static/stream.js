// The stream of mentions, newest first: one row a mention, near copies folded under their first.
import { Ago, Empty, Failed, html, icon, inLang, setQuery, short, Skeleton, state, t } from '../web/kit.js';
import { FEELINGS, handleOf, networkName } from './words.js';

// props: rows, vocabulary, chosen (id), loading, error, retry, more(), hasMore, busy, filtered
export const Stream = {
  props: ['rows', 'vocabulary', 'chosen', 'loading', 'error', 'retry', 'more', 'hasMore', 'busy', 'filtered', 'clear'],
  setup: p => () => {
    if (p.error && !p.rows) return html`<${Failed} error=${p.error} retry=${p.retry} />`;
    if (!p.rows) return html`<${Skeleton} n=${9} />`;
    if (!p.rows.length) {
      return p.filtered ? html`<${Empty} icon="find" title=${t('social.nofit')} body=${t('social.nofitbody')} action=${{ label: t('social.clear'), run: p.clear }} />`
        : html`<${Empty} icon="chat" title=${t('social.none')} body=${t('social.nonebody')} action=${{ label: t('social.sources'), href: '/social/sources' }} />`;
    }
    return html`<div class=${'social-rows' + (p.loading ? ' social-stale' : '')} role="list" aria-label=${t('social.stream')}>${p.rows.map(row => html`<${Row}
      key=${row.id} row=${row} vocabulary=${p.vocabulary} chosen=${row.id === p.chosen} />`)}
      ${p.hasMore && html`<div class="actions social-more"><button type="button" class="btn" disabled=${p.busy} @click=${p.more}>${t('social.more')}</button></div>`}</div>`;
  },
};

const CHIPS = 3;   // more are counted

// The saved queries and themes that a mention fits, each a way to the others that fit it. props: ids, vocabulary, most
export const Labels = {
  props: ['ids', 'vocabulary', 'most'],
  setup: p => () => {
    const fit = (p.vocabulary?.labels ?? []).filter(one => p.ids.includes(one.id)), most = p.most ?? CHIPS;
    return fit.length > 0 && html`<div class="social-labels">${fit.slice(0, most).map(one => html`<button type="button" key=${one.id} class="social-label" title=${t('social.onlylabel', { name: one.name })}
      @click=${e => { e.stopPropagation(); setQuery({ theme: one.id }); }}>${icon(one.kind === 'theme' ? 'tag' : 'find', 11)}<span class="cut">${one.name}</span></button>`)}${fit.length > most && html`<span class="mut sm num">+${fit.length - most}</span>`}</div>`;
  },
};

const Row = {
  props: ['row', 'vocabulary', 'chosen'],
  setup(p) {
    const open = () => setQuery({ mention: p.row.id });
    const key = e => { if ((e.key === 'Enter' || e.key === ' ') && e.target === e.currentTarget) { e.preventDefault(); open(); } };
    return () => {
      const m = p.row;
      return html`<div class=${'social-row' + (p.chosen ? ' on' : '') + (m.state === 'done' ? ' done' : '')} role="listitem" data-row tabindex="0"
        aria-current=${p.chosen ? 'true' : null} @click=${open} @keydown=${key}>
        <span class=${'social-feel f' + m.sentiment} title=${t(FEELINGS[m.sentiment])}><span class="sr">${t(FEELINGS[m.sentiment])}</span></span>
        <div class="social-main"><div class="social-head"><span class="tag">${networkName(m.network, state.lang)}</span><b class="cut">${m.author || m.handle}</b>
          <span class="mut sm cut social-handle">${handleOf(m.handle)}</span><span class="sm cut social-read">${inLang(p.vocabulary?.intents?.[m.intent] ?? {}) || m.intent}<span class="mut"> · ${inLang(p.vocabulary?.topics?.[m.topic] ?? {}) || m.topic}</span></span>
          ${m.copies > 0 && html`<span class="tag num" title=${t('social.copies', { n: m.copies })}>×${m.copies + 1}</span>`}${m.corrected_by && html`<span class="mut" title=${t('social.corrected')}>${icon('edit', 12)}</span>`}<span class="grow"></span>
          ${m.reach > 0 && html`<span class="mut sm num nowrap">${icon('people', 12)}${short(m.reach)}</span>`}<span class="mut sm nowrap"><${Ago} at=${m.posted_at} /></span></div>
          <div class="social-line"><p class="social-text">${m.text}</p><span class=${'sm social-state s-' + m.state}>${m.own ? t('social.ours') : m.state === 'new' ? t('social.new') : m.state === 'done' ? t('social.done') : t('social.' + m.function)}</span></div><${Labels} ids=${m.themes} vocabulary=${p.vocabulary} /></div></div>`;
    };
  },
};
