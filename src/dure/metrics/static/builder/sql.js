// A place to write SQL: coloured, with the columns at its side. Ctrl-Enter runs it; Tab indents, Escape then Tab leaves.
import { html, icon, modKey, nextTick, ref, t } from '../../web/kit.js';
import { propertyNames } from '../names.js';
import { useWrong } from './fields.js';
import './words.js';

const COLUMNS = [['event', 'String'], ['time', 'DateTime64, UTC'], ['person', 'UUID'], ['distinct_id', 'String'], ['account', 'String'],
  ['object_type', 'String'], ['object', 'String'],
  ['source', 'String'], ['message_id', 'String'], ['actor', 'String'], ['received_at', 'DateTime64, UTC'], ['properties', 'JSON']];
const WORDS = /^(select|from|where|group|order|by|having|limit|as|and|or|not|in|with|union|all|distinct|case|when|then|else|end|join|left|right|inner|on|using|is|null|like|between|interval|asc|desc|over|partition|qualify)$/i;
const UNITS = /^(SECOND|MINUTE|HOUR|DAY|WEEK|MONTH|QUARTER|YEAR)$/;
const PIECES = /(--[^\n]*|\/\*[^]*?\*\/)|('(?:[^'\\]|\\.)*'?)|(\b\d[\d.]*\b)|([A-Za-z_]\w*)|([^])/g;

// The text in pieces, each with what it is.
const painted = text => [...text.matchAll(PIECES)].map(([whole, comment, string, number, word], i) => {
  const kind = comment ? 'c' : string ? 's' : number ? 'n' : word && (WORDS.test(word) || UNITS.test(word)) ? 'k' : null;
  return kind ? html`<b key=${i} class=${'sql-' + kind}>${whole}</b>` : whole;
});

export const SqlEditor = {
  props: ['sql', 'change', 'run', 'busy'],
  setup(p) {
    const el = ref(), leaving = ref(false), wrongAt = useWrong();
    const edit = (from, to, text) => {
      const value = el.value.value.slice(0, from) + text + el.value.value.slice(to);
      p.change(value);
      nextTick(() => { el.value.focus(); el.value.setSelectionRange(from + text.length, from + text.length); });
    };
    const put = text => edit(el.value.selectionStart, el.value.selectionEnd, text);
    function key(e) {
      if (e.isComposing) return;
      if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) { e.preventDefault(); p.run(); }
      else if (e.key === 'Escape') { leaving.value = true; }
      else if (e.key === 'Tab' && !e.shiftKey && !leaving.value) { e.preventDefault(); put('  '); }
      else leaving.value = false;
    }
    return () => {
      const wrong = wrongAt('sql');
      return html`<div class="sql"><div class="sql-side"><div class=${'sql-edit mono' + (wrong ? ' wrong' : '')}>
        <pre aria-hidden="true">${painted(p.sql)}${'\n'}</pre>
          <textarea ref=${el} class="mono" spellcheck="false" autocapitalize="off" aria-label="SQL" aria-invalid=${wrong ? 'true' : null}
            value=${p.sql} @input=${e => p.change(e.target.value)} @keydown=${key}></textarea></div>
        <div class="row wrap"><button type="button" class="btn pri sm" disabled=${p.busy || !p.sql.trim()}
          @click=${p.run}>${icon('play', 14)}${t('b.sqlrun')}</button>
          <span class="mut sm">${t('b.sqlhint', { key: `${modKey} Enter` })}</span>${wrong && html`<span
            class="wrong-text" role="alert">${icon('warn', 12)}${wrong}</span>`}</div></div>
        <aside class="sql-columns" aria-label=${t('b.columns')}><h3>${t('b.columns')}</h3><ul>${COLUMNS.map(([name, type]) => html`<li
          key=${name}><button type="button" class="link mono" @click=${() => put(name)}>${name}</button> <span class="mut sm">${type}</span>
          </li>`)}
          ${propertyNames('').items.filter(it => !/^(person|account)\./.test(it.value)).slice(0, 60).map(it => html`<li
            key=${'p' + it.value}><button type="button" class="link mono"
            @click=${() => put(`properties.${it.value}`)}>properties.${it.value}</button></li>`)}</ul>
          <p class="mut sm">${t('b.sqlproperty')}</p></aside></div>`;
    };
  },
};
