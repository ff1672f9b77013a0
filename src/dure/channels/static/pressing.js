// What is done with the elements of a message or a view: what stands in them, what is under way, and the app that is told.
import { api, Dialog, html, openDialog, reactive, sentence, t } from '../web/kit.js';
import './block_words.js';
import { plain, words } from './words_of_blocks.js';

// This tab: a modal that an app opens in answer appears here and in no other.
export const screen = crypto.randomUUID();

const held = new Map();   // a message's or view's key → what stands in its elements and what is under way
const MOST = 400;

export const keyOf = place => place?.view ? `view ${place.view}` : `${place?.channel} ${place?.ts}`;

// {values: {block: {action: raw}}, busy: {}, failed: {}, errors: {block: text}}
export function stateOf(place) {
  const key = keyOf(place);
  let it = held.get(key);
  if (!it) {
    it = reactive({ values: {}, busy: {}, failed: {}, errors: {} });
    if (held.size > MOST) held.delete(held.keys().next().value);
    held.set(key, it);
  }
  return it;
}
export const forget = place => held.delete(keyOf(place));

export const valueIn = (place, block, element) => {
  const here = stateOf(place).values[block];
  return here && element.action_id in here ? here[element.action_id] : initialOf(element);
};
export function put(place, block, element, raw) {
  const it = stateOf(place);
  it.values[block] = { ...it.values[block], [element.action_id]: raw };
  delete it.errors[block];
  delete it.failed[`${block} ${element.action_id}`];
}

const INITIAL = ['initial_value', 'initial_option', 'initial_options', 'initial_date', 'initial_time', 'initial_date_time', 'initial_user', 'initial_users', 'initial_conversation', 'initial_conversations', 'initial_channel', 'initial_channels'];
export function initialOf(element) {
  const name = INITIAL.find(key => element[key] != null), value = name && element[name];
  if (value === undefined) return element.type === 'rich_text_input' ? '' : null;
  if (element.type.endsWith('external_select')) return value;
  if (element.type === 'rich_text_input') return typeof value === 'string' ? value : spoken(value);
  if (name === 'initial_option') return value.value;
  return name === 'initial_options' ? value.map(one => one.value) : value;
}

const spoken = part => (part?.text ?? '') + (part?.elements ?? []).map(spoken).join('');

// Whether somebody stands behind it: an app that said it, or one whose view it is.
export const live = place => !!(place && (place.view || (place.app && place.ts)));

// Tells the app; what went wrong is shown at the element. Resolves to whether it was told.
export async function press(place, block, element, raw) {
  const it = stateOf(place), key = `${block} ${element.action_id}`;
  if (it.busy[key] || !live(place)) return false;
  if (element.confirm && !await sure(element.confirm)) return false;
  it.busy[key] = true; delete it.failed[key];
  try {
    await api.post('/interactions/actions', { block_id: block, action_id: element.action_id, value: raw ?? null, state: it.values, screen, ...where(place) });
    return true;
  } catch (error) { it.failed[key] = failure(error); return false; } finally { delete it.busy[key]; }
}

// The same for a button or menu of an attachment from before blocks.
export async function pressOld(place, element, attachment, name, value) {
  const it = stateOf(place), key = `old ${element.action_id}`;
  if (it.busy[key] || (element.confirm && !await sure(element.confirm))) return;
  it.busy[key] = true; delete it.failed[key];
  try { await api.post('/interactions/attachments', { channel: place.channel, ts: place.ts, attachment, name, value, screen }); } catch (error) { it.failed[key] = failure(error); } finally { delete it.busy[key]; }
}

export const where = place => place.view ? { view_id: place.view } : { channel: place.channel, ts: place.ts };

// The app's own words for going on and for staying.
const Sure = {
  props: ['confirm', 'close'],
  setup: p => () => html`<${Dialog} title=${plain(p.confirm.title) || t('ch.sure')} onClose=${() => p.close(false)}><div class="said">${words(p.confirm.text)}</div>
    <div class="actions end"><button type="button" class="btn" @click=${() => p.close(false)}>${plain(p.confirm.deny) || t('dialog.cancel')}</button>
    <button type="button" autofocus class=${'btn ' + (p.confirm.style === 'danger' ? 'danger' : 'pri')} @click=${() => p.close(true)}>${plain(p.confirm.confirm) || t('dialog.ok')}</button></div><//>`,
};
const sure = confirm => openDialog(Sure, { confirm });

// An error of an app in the reader's language; others as everywhere.
export function failure(error) {
  const known = { app_did_not_answer: 'ch.app.silent', app_answered_wrongly: 'ch.app.wrong', command_not_found: 'ch.cmd.unknown', nobody_named: 'ch.cmd.whom', element_not_found: 'ch.app.gone', app_not_found: 'ch.app.none', already_answered: 'ch.ask.done', not_asked: 'ch.ask.others', note_needed: 'ch.ask.note' }[error.code];
  return known ? t(known, { app: error.data?.app ?? '' }) : sentence(error);
}
