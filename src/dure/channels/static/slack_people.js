// The people of an export, and who each of them is here.
import { Badge, choose, html, Menu, t, Table } from '../web/kit.js';

export function peopleTable(data, choices, set, people) {
  const open = data.state !== 'gone' && data.state !== 'running' && data.state !== 'waiting';
  const put = (person, ours) => {
    const match = { ...choices.match };
    if (ours === null) delete match[person.id]; else match[person.id] = ours;
    set({ match });
  };
  const ours = person => choices.match[person.id] ?? person.match;
  async function pick(person) {
    const known = Object.values(people).filter(each => !each.bot || person.kind === 'bot');
    const found = await choose(t('mv.pick.title', { name: person.name }), [{ group: '', items: known.map(each => ({ value: each.id, title: each.name, hint: each.title, icon: 'people' })) }]);
    if (found) put(person, found.value);
  }
  const how = person => {
    if (person.id in choices.match) return choices.match[person.id] ? ['ok', t('mv.h.chosen')] : ['', t('mv.h.new')];
    if (person.match) return [person.how === 'email' ? 'ok' : 'info', t('mv.h.' + person.how)];
    if (person.kind === 'bot') return ['', t('mv.h.botnew')];
    if (person.kind === 'outside') return ['', t('mv.h.outside')];
    return ['warn', `${t('mv.h.new')} · ${t(choices.people === 'active' && !person.gone && person.email ? 'mv.active' : 'mv.deactivated')}`];
  };
  const items = person => [
    { label: t('mv.pick'), run: () => pick(person) },
    ...(person.id in choices.match || !person.match || person.kind === 'bot' ? [] : [{ label: t('mv.pick.none'), run: () => put(person, '') }]),
    ...(person.id in choices.match ? [{ label: t('mv.pick.none'), run: () => put(person, person.match ? '' : null) }] : []),
  ];
  const columns = [
    { key: 'name', title: t('mv.person'), render: person => html`<span class="row"><span class="cut">${person.name}</span>${person.kind === 'guest' && html`<span class="tag">${t('mv.guest')}</span>`}${person.kind === 'bot' && html`<span class="tag">${t('mv.h.bot')}</span>`}</span>` },
    { key: 'email', title: t('mv.email'), width: 260, render: person => html`<span class="mut cut">${person.email || '–'}</span>` },
    { key: 'how', title: t('mv.state'), width: 240, value: person => how(person)[1], render: person => { const [kind, text] = how(person); return html`<${Badge} kind=${kind} text=${text} />`; } },
    { key: 'match', title: t('mv.who'), width: 220, value: person => people[ours(person)]?.name ?? '', render: person => {
      const name = people[ours(person)]?.name ?? (ours(person) || t('mv.h.new'));
      return open ? html`<${Menu} text=${person.kind === 'bot' && !ours(person) ? 'Slack' : name} label=${`${person.name}: ${t('mv.who')}`} cls="btn ghost sm mv-menu" items=${items(person)} />` : name;
    } },
  ];
  return html`<${Table} label=${t('mv.people')} columns=${columns} rows=${data.preview.people} />`;
}
