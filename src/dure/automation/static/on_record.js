// On the page of a record (a deal, a line item, an account): the automations that are started by hand on it.
import { action, api, go, html, load, Menu, reloadOn, t, toast, words } from '../web/kit.js';

words({
  ko: { 'auto.onthis': '자동화 실행', 'auto.onthisdone': '{name}(을/를) 시작했습니다', 'auto.onthisopen': '실행 보기' },
  en: { 'auto.onthis': 'Run an automation', 'auto.onthisdone': 'Started “{name}”', 'auto.onthisopen': 'See the run' },
});

// Nothing where no automation begins so. `type` is deal, line_item, account, contact or order; `id` the record's.
export const RunOn = {
  props: ['type', 'id'],
  setup(p) {
    const some = load(signal => api.get('/automations/for-record', { signal, query: { type: p.type }, quiet: true }), { watch: () => p.type });
    reloadOn(some, 'automation');
    const start = action(async it => { const made = await api.post(`/automations/${it.id}/runs`, { record: p.id }); toast(t('auto.onthisdone', { name: it.name }), { kind: 'ok', action: { label: t('auto.onthisopen'), run: () => go(`/automations/${it.id}/runs/${made.run}`) } }); }, { failed: toast.error });
    return () => some.data?.automations.length > 0 && html`<${Menu} label=${t('auto.onthis')} icon="bolt" cls="btn sm ico" items=${some.data.automations.map(it => ({ label: it.name, icon: 'play', disabled: start.busy, run: () => start.run(it) }))} />`;
  },
};
