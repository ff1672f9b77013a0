// Both halves side by side, and the difference with its intervals drawn around zero.
import { html, inLang, num, Panel, percent, points, t, words } from '../../web/kit.js';
import '../words.js';

words({
  ko: { 'camp.over': '받은 쪽과 안 받은 쪽', 'camp.interval': '{c} 구간', 'camp.anytime': '언제 보아도 성립하는 구간', 'camp.pending': '{n}명은 아직 기간이 끝나지 않아 세지 않았습니다', 'camp.of': '{n}명 중 {k}명' },
  en: { 'camp.over': 'Who got it and who did not', 'camp.interval': '{c} interval', 'camp.anytime': 'Holds however often one looks', 'camp.pending': '{n} entered too lately to count', 'camp.of': '{k} of {n}' },
});

const WIDTH = 420, HEIGHT = 78;

const Drawn = {
  props: ['of'],
  setup: p => () => {
    const c = p.of, wide = c.anytime ?? c.interval, reach = Math.max(...[wide, c.interval].flatMap(i => [Math.abs(i.low), Math.abs(i.high)]), 0.01) * 1.15;
    const X = v => WIDTH / 2 + v / reach * (WIDTH / 2 - 8), colour = { better: 'var(--ok)', worse: 'var(--bad)' }[c.verdict] ?? 'var(--c1)';
    const bar = (i, y, thick, opacity) => html`<rect x=${X(i.low)} y=${y} width=${Math.max(2, X(i.high) - X(i.low))} height=${thick} rx="2" fill=${colour} fill-opacity=${opacity} />`;
    return html`<svg class="camp-interval" viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label=${`${t('camp.diff')} ${points(c.difference)}, ${points(c.interval.low)} – ${points(c.interval.high)}`}>
      <line x1=${WIDTH / 2} x2=${WIDTH / 2} y1="4" y2=${HEIGHT - 18} stroke="var(--fg-2)" stroke-dasharray="3 3" />
      ${c.anytime && bar(c.anytime, 26, 6, 0.25)}${bar(c.interval, 22, 14, 0.55)}<circle cx=${X(c.difference)} cy="29" r="5" fill=${colour} stroke="var(--bg)" stroke-width="2" />
      <text x=${X(c.interval.low)} y="14" text-anchor="middle" class="camp-tick">${points(c.interval.low)}</text><text x=${X(c.interval.high)} y="14" text-anchor="middle" class="camp-tick">${points(c.interval.high)}</text>
      <text x=${WIDTH / 2} y=${HEIGHT - 4} text-anchor="middle" class="camp-tick">0</text></svg>`;
  },
};

export const Halves = {
  props: ['of'],
  setup: p => () => {
    const c = p.of, top = Math.max(c.treated.rate ?? 0, c.control.rate ?? 0, 0.01);
    const half = name => html`<tr key=${name}><th scope="row">${t('camp.' + name)}</th><td class="camp-share"><span class=${'camp-fill ' + name} style=${{ width: `${(c[name].rate ?? 0) / top * 100}%` }}></span></td>
      <td class="num r"><b>${percent(c[name].rate)}</b></td><td class="num r mut">${t('camp.of', { n: num(c[name].people), k: num(c[name].successes) })}</td></tr>`;
    return html`<${Panel} title=${t('camp.over')} wide=${true}>
      <p class=${'notice' + ({ worse: ' bad', unbalanced: ' bad', leaning: ' warn' }[c.verdict] ?? '')}>${inLang(c.sentence)}</p>
      <div class="camp-halves"><table class="camp-table"><tbody>${half('treated')}${half('control')}</tbody></table>
      ${c.interval && html`<figure><figcaption class="mut sm">${t('camp.diff')} <b class="num">${points(c.difference)}</b> · ${t('camp.interval', { c: percent(c.confidence, 0) })}${c.anytime && html` · <span title=${t('camp.anytime')}>${t('camp.anytime')} ${points(c.anytime.low)} – ${points(c.anytime.high)}</span>`}</figcaption><${Drawn} of=${c} /></figure>`}</div>
      ${c.pending > 0 && html`<p class="mut sm">${t('camp.pending', { n: c.pending })}</p>`}<//>`;
  },
};
