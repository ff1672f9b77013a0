// A message's blocks as they will look in a channel. Channels draw them where they are there (`draws('blocks', …)`);
// without them what is said is shown as text. Holes are kept and marked.
import { Drawn, html, t, words } from '../web/kit.js';

words({ ko: { 'auto.noblocks': '블록이 없습니다' }, en: { 'auto.noblocks': 'No blocks' } });

export const Blocks = {
  props: ['blocks'],
  setup: p => () => Array.isArray(p.blocks) && p.blocks.length ? html`<${Drawn} kind="blocks" value=${p.blocks} plain=${plain} />` : html`<span class="mut sm">${t('auto.noblocks')}</span>`,
};

const plain = list => html`<div class="stack">${list.map((block, i) => html`<p key=${i}>${said(block)}</p>`)}</div>`;
const said = block => [block?.text?.text ?? block?.text, ...(block?.fields ?? []).map(it => it.text), ...(block?.elements ?? []).map(it => it.text?.text ?? it.text ?? it.alt_text)].filter(it => typeof it === 'string').join(' · ') || block?.type;
