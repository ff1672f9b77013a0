// Many drafts from CSV: looked through row by row, made when nothing stops any.
import { action, api, Dialog, html, num, ref, t, toast } from '../../web/kit.js';
import './words.js';

export const Series = {
  props: ['places', 'close'],
  setup(p) {
    const body = ref(''), found = ref(null);
    const look = action(async () => { found.value = await api.post('/publishing/series', { body: body.value, look: true }); }, { failed: toast.error });
    const make = action(async () => {
      const made = await api.post('/publishing/series', { body: body.value });
      if (made.made.length) { toast(t('pub.made', { n: made.made.length })); p.close(made); } else found.value = made;
    }, { failed: toast.error });
    const read = async e => { const file = e.target.files?.[0]; if (file) { body.value = await file.text(); found.value = null; look.run(); } };
    const stops = () => found.value?.findings.some(one => one.level === 'stop');
    return () => html`<${Dialog} title=${t('pub.series')} wide=${true} onClose=${() => p.close(null)}><div class="stack"><p class="mut sm">${t('pub.csvhint')}</p>
      <label class="row"><span class="sm">${t('pub.choosefile')}</span><input type="file" accept=".csv,text/csv" @change=${read} /></label>
      <textarea class="input mono pub-csv" rows="8" aria-label=${t('pub.csv')} placeholder=${`when,title,text,link,campaign,sources\n2026-12-24 10:00,…,…,https://…,xmas,"${p.places.map(one => one.name).join(', ')}"`} value=${body.value} @input=${e => { body.value = e.target.value; found.value = null; }}></textarea>
      ${found.value && (found.value.findings.length ? html`<table class="pub-findings"><thead><tr><th scope="col">${t('pub.row')}</th><th scope="col">${t('pub.column')}</th><th scope="col">${t('pub.finding')}</th></tr></thead><tbody>${found.value.findings.map((one, i) => html`<tr key=${i} class=${one.level}><td class="num">${num(one.row)}</td><td class="mono">${one.column}</td><td>${t('pub.c.' + one.code, { data: one.data })}</td></tr>`)}</tbody></table>`
        : html`<p class="good">${t('pub.fine', { n: found.value.rows })}</p>`)}
      <div class="actions end"><button type="button" class="btn" disabled=${look.busy || !body.value.trim()} @click=${() => look.run()}>${t('pub.look')}</button>
        <button type="button" class="btn pri" disabled=${make.busy || !found.value || stops() || !found.value.rows} @click=${() => make.run()}>${t('pub.make', { n: found.value?.rows ?? 0 })}</button></div></div><//>`;
  },
};
