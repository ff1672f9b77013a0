// What was left out of an import, or will be: by kind, and as a file with every line.
import { html, icon, num, t, Table } from '../web/kit.js';

export function leftTable(data, path) {
  const rows = gathered(data);
  const columns = [
    { key: 'what', title: t('mv.what'), width: 180, value: row => t('mv.w.' + row.what) }, { key: 'why', title: t('mv.why'), value: row => t('mv.y.' + row.why) },
    { key: 'about', title: '', sort: false, render: row => html`<span class="mut cut" title=${row.about}>${row.about}</span>` }, { key: 'n', title: t('mv.n'), num: true, width: 100, render: row => num(row.n) },
  ];
  return html`${rows.length > 0 && html`<div class="actions"><a class="btn sm" href=${'/api/v1' + path + '/left'} download="left-out.csv">${icon('copy')}${t('mv.download')}</a></div>`}
    <${Table} label=${t('mv.left.done')} rowKey=${row => `${row.what} ${row.why}`} columns=${columns} rows=${rows} empty=${{ icon: 'check', title: t('mv.left.none') }} />`;
}
leftTable.count = data => gathered(data).reduce((sum, row) => sum + row.n, 0);

// Before it begins, what reading found; then what bringing in left out.
function gathered(data) {
  if (data.left.length || !data.preview || data.state !== 'ready') return data.left;
  const found = new Map();
  for (const { what, why, about } of data.preview.left) {
    const row = found.get(what + why) ?? { what, why, n: 0, about };
    row.n += 1;
    found.set(what + why, row);
  }
  return [...found.values()];
}
