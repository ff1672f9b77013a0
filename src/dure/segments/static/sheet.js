// A CSV file of people: chosen, dropped or pasted. What each line came to is told before anything is done.
import { api, html, icon, num, reactive, ref, t } from '../web/kit.js';
import { said } from './said.js';
import './words.js';

// Without a list yet (`path` is missing) it is looked at when the list is made; `change` gets what to send.
export const Sheet = {
  props: ['path', 'change', 'report'],
  setup(p) {
    const it = reactive({ text: '', name: '', column: '', way: 'add', over: false }), file = ref();
    const body = () => it.text.trim() ? { csv: it.text, column: it.column.trim(), instead: it.way === 'instead', out: it.way === 'out' } : null;
    const tell = () => p.change(body());
    const take = async chosen => { if (!chosen) return; it.text = await chosen.text(); it.name = chosen.name; tell(); };
    const lines = () => it.text.trim() ? it.text.trim().split('\n').length : 0;
    return () => html`<div class="stack seg-sheet"><div class=${'seg-drop' + (it.over ? ' over' : '')} @dragover=${e => { e.preventDefault(); it.over = true; }} @dragleave=${() => { it.over = false; }}
        @drop=${e => { e.preventDefault(); it.over = false; take(e.dataTransfer.files[0]); }}>
        <div class="row"><button type="button" class="btn sm" @click=${() => file.value.click()}>${icon('file', 14)} ${t('sh.choose')}</button><span class="mut sm">${it.name || t('sh.drop')}</span><span class="grow"></span>
          ${lines() > 0 && html`<span class="mut sm num">${t('sh.lines', { n: lines() })}</span>`}</div>
        <input ref=${file} class="sr" type="file" tabindex="-1" aria-label=${t('sh.choose')} accept=".csv,.tsv,.txt,text/csv" @change=${e => take(e.target.files[0])} />
        <textarea class="input mono" rows="6" aria-label=${t('sh.paste')} placeholder=${t('sh.paste')} value=${it.text} @input=${e => { it.text = e.target.value; it.name = ''; tell(); }}></textarea></div>
      <div class="row wrap"><label class="row sm"><span class="mut">${t('sh.column')}</span><input class="input" placeholder=${t('sh.columnhint')} value=${it.column} @input=${e => { it.column = e.target.value; tell(); }} /></label>
        ${p.path && html`<label class="row sm"><span class="mut">${t('sh.way')}</span><select class="input" aria-label=${t('sh.way')} @change=${e => { it.way = e.target.value; tell(); }}>${['add', 'out', 'instead'].map(way => html`<option key=${way} value=${way} selected=${way === it.way}>${t('sh.' + way)}</option>`)}</select></label>`}</div></div>`;
  },
};

// What a file came to, kind by kind, with the lines.
export const Report = {
  props: ['of'],
  setup: p => () => {
    const r = p.of, kinds = [['unknown', 'warn'], ['duplicate', 'info'], ['bad', 'bad']].filter(([kind]) => r[kind].count);
    return html`<div class="stack seg-report" role="status"><p class="num"><b>${t('sh.came', { n: r.entered })}</b> · ${t('sh.went', { n: r.left })} · <span class="mut">${t('sh.there', { n: r.there })} · ${t('sh.rows', { n: r.rows })}</span></p>
      ${kinds.map(([kind, tone]) => html`<details key=${kind}><summary class=${'sm ' + (tone === 'bad' ? 'poor' : '')}>${t('sh.' + kind, { n: r[kind].count })}</summary>
        <ol class="sm mono">${r[kind].first.map(([line, text]) => html`<li key=${line}><span class="mut num">${num(line)}</span> ${text}</li>`)}${r[kind].count > r[kind].first.length && html`<li class="mut">…</li>`}</ol></details>`)}</div>`;
  },
};

// The dialog over a list that is there: look first, then do it.
export const SheetDialog = {
  props: ['close', 'path', 'Dialog'],
  setup(p) {
    const it = reactive({ sheet: null, report: null, wrong: '', busy: false, done: false });
    const send = async dry => {
      Object.assign(it, { busy: true, wrong: '' });
      try { it.report = await api.post(p.path + '/csv', { ...it.sheet, dry }, { seconds: 120 }); it.done = !dry; if (!dry) p.close(it.report); }
      catch (error) { it.wrong = said(error.message); } finally { it.busy = false; }
    };
    return () => html`<${p.Dialog} title=${t('sh.title')} wide=${true} onClose=${() => p.close(null)}>
      <${Sheet} path=${p.path} change=${sheet => Object.assign(it, { sheet, report: null, wrong: '' })} />
      ${it.wrong && html`<p class="notice bad" role="alert">${it.wrong}</p>`}${it.report && html`<${Report} of=${it.report} />`}
      <div class="actions end"><button type="button" class="btn" @click=${() => p.close(null)}>${t('sb.cancel')}</button><button type="button" class="btn" disabled=${!it.sheet || it.busy} @click=${() => send(true)}>${t('sh.look')}</button>
        <button type="button" class="btn pri" disabled=${!it.report || it.busy || !(it.report.entered + it.report.left)} @click=${() => send(false)}>${t('sh.do')}</button></div><//>`;
  },
};
