// What sharing brings: the brand's links beside employees' shares, reach by who says so, and a leaderboard.
import { api, boot, Empty, html, load, Loaded, money, num, Panel, reloadOn, setQuery, Stat, t, Table } from '../../web/kit.js';
import { openMe } from './me.js';
import { nameOf, Phase, teamOf } from './names.js';

const SPANS = [7, 30, 90, 365], ROWS = ['clicks', 'visitors', 'came', 'signed', 'fetched'];

export const Report = {
  props: ['query', 'feed'],
  setup(p) {
    const days = () => SPANS.includes(Number(p.query.days)) ? Number(p.query.days) : 30;
    const report = load(signal => api.get('/advocacy/report', { signal, query: { days: days() } }), { watch: days, keep: true });
    const board = load(signal => api.get('/advocacy/leaderboard', { signal, query: { days: days() } }), { watch: days, keep: true });
    reloadOn(report, 'social');
    const netName = (data, name) => { const found = data.names.find(one => one.name === name); return found ? nameOf(found) : name || '–'; };
    const columns = () => [
      { key: 'title', title: t('adv.story'), render: one => html`<b class="cut">${one.title}</b>` }, { key: 'state', title: t('adv.state'), width: 110, render: one => html`<${Phase} state=${one.state} />` },
      { key: 'shares', title: t('adv.shares'), num: true, width: 80, value: one => one.shares.all, render: one => num(one.shares.all) },
      ...['clicks', 'visitors', 'came', 'signed'].map(key => ({ key, title: t('adv.' + key), num: true, width: 90 })),
      { key: 'measured', title: t('adv.measured'), num: true, width: 120, value: one => one.reach.measured, render: one => one.reach.measured_shares ? num(one.reach.measured) : '–' }, { key: 'stated', title: t('adv.stated'), num: true, width: 120, value: one => one.reach.stated, render: one => one.reach.stated_shares ? num(one.reach.stated) : '–' },
    ];
    const sides = data => html`<table class="table small adv-sides"><thead><tr><th scope="col"></th><th scope="col" class="r">${t('adv.brand')}</th><th scope="col" class="r">${t('adv.employees')}</th></tr></thead><tbody>${ROWS.map(name => html`<tr key=${name}><th scope="row" title=${name === 'came' ? t('adv.cameabout') : null}>${t('adv.' + name)}</th><td class="r num">${num(data.brand[name])}</td><td class="r num"><b>${num(data.employees[name])}</b></td></tr>`)}</tbody></table>`;
    const reach = data => html`<div class="stats adv-reach"><${Stat} label=${t('adv.measured')} value=${data.reach.measured_shares ? num(data.reach.measured) : '–'} note=${t('adv.reachof', { n: data.reach.measured_shares })} /><${Stat} label=${t('adv.stated')} value=${data.reach.stated_shares ? num(data.reach.stated) : '–'} note=${t('adv.reachof', { n: data.reach.stated_shares })} /><${Stat} label=${t('adv.unknown')} value="–" note=${t('adv.reachof', { n: data.reach.unknown_shares })} /></div>`;
    const team = () => [{ key: 'team', title: t('adv.team'), render: one => teamOf(one.team) }, { key: 'shares', title: t('adv.shares'), num: true, width: 80 }, { key: 'clicks', title: t('adv.clicks'), num: true, width: 80 }, { key: 'signed', title: t('adv.signed'), num: true, width: 90 }];
    const network = data => [{ key: 'network', title: t('adv.network'), render: one => netName(data, one.network) }, ...['brand', 'employees'].map(side => ({ key: side, title: t('adv.clicks') + ' · ' + t('adv.' + side), num: true, value: one => one[side].clicks, render: one => num(one[side].clicks) })), { key: 'shares', title: t('adv.shares'), num: true, width: 80 }];
    const ranks = data => !data.on ? html`<${Empty} icon="people" title=${t('adv.boardoff')} body=${t('adv.boardoffbody')} action=${['owner', 'admin'].includes(boot.me?.role) && { label: t('adv.rules'), run: () => setQuery({ tab: 'rules' }) }} />`
      : html`${data.rows.length ? html`<${Table} label=${t('adv.board')} rowKey="user" columns=${[{ key: 'name', title: t('adv.person'), render: one => html`<b>${one.name}</b> <span class="mut sm">${teamOf(one.team)}</span>` }, { key: 'shares', title: t('adv.shares'), num: true, width: 80 }, { key: 'clicks', title: t('adv.clicks'), num: true, width: 80 }, { key: 'visitors', title: t('adv.visitors'), num: true, width: 100 }]} rows=${data.rows} />` : html`<p class="mut">${t('adv.boardnone')}</p>`}
        ${!data.me && html`<div class="actions adv-join"><button type="button" class="btn sm" @click=${() => openMe().then(kept => kept && board.reload({ quiet: true }))}>${t('adv.join')}</button></div>`}`;
    const show = data => html`<div class="stats adv-top"><${Stat} label=${t('adv.shares')} value=${num(data.shares.all)} note=${t('adv.sharesof', { n: num(data.shares.employees), could: num(data.shares.could) })} /><${Stat} label=${t('adv.clicks') + ' · ' + t('adv.employees')} value=${num(data.employees.clicks)} note=${t('adv.visitors') + ' ' + num(data.employees.visitors)} /><${Stat} label=${t('adv.signed') + ' · ' + t('adv.employees')} value=${num(data.employees.signed)} note=${t('adv.came') + ' ' + num(data.employees.came)} />
        ${data.worth && html`<${Stat} label=${t('adv.worth')} value=${money(data.worth.amount, data.worth.currency)} note=${t('adv.worthnote', { price: money(data.worth.price, data.worth.currency) })} />`}</div>
      <div class="adv-two"><${Panel} title=${t('adv.sides')} note=${t('adv.sidesnote')}>${sides(data)}<//><${Panel} title=${t('adv.reach')} note=${t('adv.reachnote')}>${reach(data)}<p class="mut sm">${t('adv.confirmed', { n: data.shares.said })} · ${t('adv.opened', { n: data.shares.opened })}</p><//>
      <${Panel} title=${t('adv.bystory')} wide=${true} flush=${true}><${Table} label=${t('adv.bystory')} rowKey="story" columns=${columns()} rows=${data.stories} open=${one => setQuery({ tab: 'stories', story: one.story })} /><//>
      <${Panel} title=${t('adv.bynetwork')} flush=${true}><${Table} label=${t('adv.bynetwork')} rowKey="network" columns=${network(data)} rows=${data.networks} /><//>
      <${Panel} title=${t('adv.byteam')} flush=${true}><${Table} label=${t('adv.byteam')} rowKey="team" columns=${team()} rows=${data.teams} /><//>
      <${Panel} title=${t('adv.board')} note=${t('adv.boardnote')} wide=${true}><${Loaded} of=${board} show=${ranks} skeleton="text" /><//></div>`;
    const empty = data => !data.shares.all && !data.employees.clicks && !data.brand.clicks && { icon: 'chart', title: t('adv.rnone'), action: { label: t('adv.feed'), run: () => setQuery({ tab: null }) } };
    return () => html`<div class="view pad adv-report"><div class="row"><span class="seg" role="group" aria-label=${t('adv.period')}>${SPANS.map(n => html`<button type="button" key=${n} aria-pressed=${String(days() === n)} @click=${() => setQuery({ days: n === 30 ? null : n })}>${t('adv.days', { n })}</button>`)}</span></div><${Loaded} of=${report} show=${show} empty=${empty} skeleton="cards" /></div>`;
  },
};
