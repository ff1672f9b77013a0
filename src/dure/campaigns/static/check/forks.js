// Where people wait for an event both ways are gone: what would become of them if it comes, and if it does not.
import { html, num, Panel, percent, t, words } from '../../web/kit.js';
import { lasting } from '../words.js';

words({
  ko: { 'camp.fk.title': '기다리는 곳에서 갈리는 길', 'camp.fk.note': '올지 알 수 없어 두 길을 모두 가 봅니다', 'camp.fk.waits': '{within} 안에 ‘{event}’', 'camp.fk.waitsuntil': '‘{event}’', 'camp.fk.then': '오면', 'camp.fk.timeout': '오지 않으면', 'camp.fk.share': '최근 28일 {p}', 'camp.fk.unknown': '어느 쪽일지 모름', 'camp.fk.cut': '길이 너무 많아 뒤의 기다림은 오지 않는 것으로만 보았습니다.' },
  en: { 'camp.fk.title': 'Ways that part at a wait', 'camp.fk.note': 'nobody knows whether it comes, so both ways are gone', 'camp.fk.waits': '“{event}” within {within}', 'camp.fk.waitsuntil': '“{event}”', 'camp.fk.then': 'If it comes', 'camp.fk.timeout': 'If it does not', 'camp.fk.share': '{p} in the last 28 days', 'camp.fk.unknown': 'either, nobody knows', 'camp.fk.cut': 'Too many ways: later waits were only timed out.' },
});

const ORDER = ['send', 'either', 'later', 'hold', 'skip', 'fail'];

export const Forks = {
  props: ['of', 'whole'],
  setup: p => () => {
    const way = (fork, name, counts, share) => html`<tr key=${fork.node + name}><th scope="row">${t('camp.fk.' + name)}<span class="mut sm num">${share == null ? t('camp.fk.unknown') : t('camp.fk.share', { p: percent(share, 0) })}</span></th>
      <td><div class="camp-progress" role="img" aria-label=${ORDER.filter(one => counts[one] > 0).map(one => `${t('camp.ck.' + one)} ${num(counts[one])}`).join(', ')}>${ORDER.filter(one => counts[one] > 0).map(one => html`<i key=${one} class=${'fork to-' + one} style=${{ width: `${counts[one] / fork.people * 100}%` }}></i>`)}</div>
        <span class="camp-fork-said sm">${ORDER.filter(one => counts[one] > 0).map(one => html`<span key=${one}><i class=${'fork to-' + one}></i>${t('camp.ck.' + one)} <b class="num">${num(counts[one])}</b></span>`)}</span></td></tr>`;
    return html`<${Panel} title=${t('camp.fk.title')} note=${t('camp.fk.note')}>${p.of.map(fork => html`<section key=${fork.node} class="camp-fork"><h4><b>${t(fork.within ? 'camp.fk.waits' : 'camp.fk.waitsuntil', { event: fork.event, within: lasting(fork.within) })}</b> <code>${fork.node}</code> <span class="mut num">${t('camp.n', { n: num(fork.people) })}</span></h4>
      <table class="camp-table"><tbody>${way(fork, 'then', fork.then, fork.share)}${way(fork, 'timeout', fork.timeout, fork.share == null ? null : 1 - fork.share)}</tbody></table></section>`)}${!p.whole && html`<p class="notice warn">${t('camp.fk.cut')}</p>`}<//>`;
  },
};
