// Campaigns by name; asked for when they are first needed and kept while the page is open.
import { api, inLang, shallowReactive } from '../../web/kit.js';
import { segmentNames } from '../../metrics/names.js';

const list = shallowReactive({ items: [], loading: false, error: null });
let asked = 0;

export function campaignNames() {
  if (Date.now() - asked > 60_000) {
    asked = Date.now();
    list.loading = true;
    api.get('/campaigns', { quiet: true }).then(
      found => { list.items = found.campaigns.map(it => ({ value: it.id, label: inLang(it.design.name) })); list.error = null; },
      error => { list.error = error; },
    ).finally(() => { list.loading = false; });
  }
  return list;
}

// The server knows campaigns in a rule's words by their ids alone.
export const withNames = text => list.items.reduce((said, it) => said.replaceAll(it.value, it.label), text ?? '');

export const segmentName = id => inLang(segmentNames().items.find(it => it.value === id)?.label) || id;
