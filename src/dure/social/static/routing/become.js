// What a mention becomes elsewhere: made through the other slice's API, then noted with the mention.
import { action, api, askForm, choose, html, icon, inLang, load, Menu, money, state, t, today, toast } from '../../web/kit.js';
import { newIdea } from '../ideas/create.js';
import { networkName } from '../words.js';
import './words.js';

const ICONS = { task: 'check', activity: 'board', segment: 'people', idea: 'star' };

// props: mention
export const Become = {
  props: ['mention'],
  setup(p) {
    const became = load(signal => api.get('/mentions/' + p.mention.id + '/became', { signal, quiet: true }), { watch: () => p.mention.id, keep: true });
    const note = async (what, ref, title, path) => { became.set(await api.post('/mentions/' + p.mention.id + '/became', { what, ref, title, path })); toast(t('route.b.done', { name: title })); };
    const link = () => location.origin + '/social?mention=' + p.mention.id, said = () => `${p.mention.text}\n\n${p.mention.author || p.mention.handle} · ${networkName(p.mention.network, state.lang)}\n${link()}`;
    const pickDeal = async () => {
      const whose = await api.get('/mentions/' + p.mention.id + '/whose', { quiet: true }), theirs = whose.deals.deals ?? [];
      const { deals } = await api.get('/deals'), first = new Set(theirs.map(deal => deal.deal));
      const item = deal => ({ value: deal.id, title: deal.name, hint: deal.account_name, about: money(deal.amount, deal.currency) });
      return choose(t('route.b.pickdeal'), [{ group: t('route.deals', { n: first.size }), items: deals.filter(deal => first.has(deal.id)).map(item) }, { group: t('route.b.pickdeal'), items: deals.filter(deal => !first.has(deal.id) && !deal.closed_at).map(item) }].filter(group => group.items.length));
    };
    const idea = action(async () => { const made = await newIdea({ title: p.mention.text, mention: p.mention.id }); if (made) await note('idea', made.id, made.title, '/ideas?idea=' + made.id); }, { failed: toast.error });
    const task = action(async () => {
      const made = await askForm({ title: t('route.b.task'), fields: [{ name: 'subject', label: t('route.b.subject'), required: true }, { name: 'due', label: t('route.b.due'), type: 'date', optional: true }], values: { subject: p.mention.text.slice(0, 120), due: today() },
        submit: values => api.post('/tasks', { subject: values.subject, due: values.due || null, description: said() }), submitLabel: t('route.b.create') });
      if (made) await note('task', made.id, made.subject, '/');
    }, { failed: toast.error });
    const activity = action(async () => {
      const picked = await pickDeal();
      if (!picked) return;
      const made = await api.post('/notes', { about: picked.value, text: said() });
      await note('activity', made.id, picked.title, '/deals/' + picked.value);
    }, { failed: toast.error });
    const segment = action(async () => {
      if (!p.mention.person) { toast(t('route.b.needsperson')); return; }
      const { segments } = await api.get('/segments'), lists = segments.filter(one => one.rule.kind === 'listed' && !one.filled);
      if (!lists.length) { toast(t('route.b.noseg')); return; }
      const picked = await choose(t('route.b.pickseg'), [{ group: t('route.b.segment'), items: lists.map(one => ({ value: one.id, title: inLang(one.name) })) }]);
      if (!picked) return;
      await api.post('/segments/' + picked.value + '/people', { add: [p.mention.person], remove: [] });
      await note('segment', picked.value, picked.title, '/segments/' + picked.value);
    }, { failed: toast.error });
    const items = () => [{ label: t('route.b.idea'), icon: 'star', run: idea.run }, { label: t('route.b.task'), icon: 'check', run: task.run }, { label: t('route.b.activity'), icon: 'board', run: activity.run }, { label: t('route.b.segment'), icon: 'people', run: segment.run }];
    return () => html`<section class="stack"><div class="row"><${Menu} cls="btn sm" align="start" label=${t('route.become')} text=${t('route.become')} items=${items()} /></div>
      ${became.data?.became.length > 0 && html`<ul class="route-became">${became.data.became.map(one => html`<li key=${one.id}><a class="row sm" href=${one.path}>${icon(ICONS[one.what], 14)}<span class="cut">${one.title || t('route.b.' + one.what)}</span></a></li>`)}</ul>`}</section>`;
  },
};
