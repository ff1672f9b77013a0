// The elements of Block Kit that one acts with. Each gets `e` (the element), `block` (its block's id) and `place`.
import { api, html, icon, Menu, onScopeDispose, ref, shallowRef, t } from '../web/kit.js';
import './block_words.js';
import { directory } from './directory_of_people.js';
import { Picker } from './picker.js';
import { failure, live, press, put, stateOf, valueIn, where } from './pressing.js';
import { fromTheWall, onTheWall } from './slack_date.js';
import { link } from './text.js';
import { plain } from './words_of_blocks.js';

const SAFE = /^(https?:\/\/|mailto:|\/(?!\/))/i;
const label = (e, fallback) => e.accessibility_label || plain(e.placeholder) || plain(e.text) || fallback;

// props: e, block, place, input (a field of a form: kept until it is sent), dispatch (told at once too), label, invalid
export const Element = {
  props: ['e', 'block', 'place', 'input', 'dispatch', 'label', 'invalid', 'described'],
  setup: p => () => {
    const kind = KINDS[p.e.type];
    if (!kind) return html`<span class="tag">${plain(p.e.placeholder ?? p.e.text)}</span>`;
    const it = stateOf(p.place), failed = it.failed[`${p.block} ${p.e.action_id}`];
    return html`<span class=${'el el-' + p.e.type}>${kind(p, it.busy[`${p.block} ${p.e.action_id}`])}
      ${failed && html`<span class="el-failed poor sm" role="alert">${icon('warn', 13)}${failed}</span>`}</span>`;
  },
};

// What was chosen is kept, and told where that is what choosing does.
function chose(p, raw) {
  put(p.place, p.block, p.e, raw);
  if (!p.input || p.dispatch) return press(p.place, p.block, p.e, raw);
}
const off = p => !p.input && !live(p.place);
const shared = (p, name) => ({ label: p.label || label(p.e, name), placeholder: plain(p.e.placeholder), invalid: p.invalid, described: p.described, disabled: off(p), value: valueIn(p.place, p.block, p.e) });

function button(p, busy) {
  const e = p.e, words = plain(e.text), cls = 'btn sm el-btn' + (e.style === 'primary' ? ' pri' : e.style === 'danger' ? ' danger' : '');
  if (e.url && SAFE.test(e.url)) return html`<span @click=${() => { if (live(p.place)) press(p.place, p.block, { ...e, confirm: null }, null); }}>${link(e.url, words, undefined, cls)}</span>`;
  return html`<button type="button" class=${cls} disabled=${busy || !live(p.place)} aria-busy=${busy ? 'true' : null} aria-label=${e.accessibility_label} title=${live(p.place) ? null : t('ch.button.off')} @click=${() => press(p.place, p.block, e, null)}>${busy && html`<span class="el-spin"></span>`}${words}</button>`;
}

const ICON = { trash: 'trash' };
function iconButton(p, busy) {
  return html`<button type="button" class="btn ghost ico sm" disabled=${busy || !live(p.place)} aria-label=${p.e.accessibility_label || plain(p.e.text)} title=${plain(p.e.text)} @click=${() => press(p.place, p.block, p.e, null)}>${icon(ICON[p.e.icon] ?? 'bolt', 14)}</button>`;
}
const feedback = (p, busy) => html`<span class="row">${[['positive_button', '👍'], ['negative_button', '👎']].map(([key, mark]) => p.e[key] && html`<button key=${key} type="button" class="btn ghost sm" disabled=${busy || !live(p.place)} aria-label=${p.e[key].accessibility_label || plain(p.e[key].text)} title=${plain(p.e[key].text)} @click=${() => press(p.place, p.block, p.e, p.e[key].value)}>${mark}</button>`)}</span>`;

const optionsOf = e => (e.option_groups ? e.option_groups.flatMap(group => (group.options ?? []).map(one => ({ ...one, group: plain(group.label) }))) : e.options ?? [])
  .map(one => ({ value: one.value, label: plain(one.text), note: plain(one.description), group: one.group }));

const select = multi => p => html`<${Picker} ...${shared(p, t('form.choose'))} multi=${multi} options=${optionsOf(p.e)} most=${p.e.max_selected_items} choose=${raw => chose(p, raw)} />`;

const external = multi => p => html`<${Picker} ...${shared(p, t('form.choose'))} multi=${multi} most=${p.e.max_selected_items} minimum=${p.e.min_query_length ?? 3} choose=${raw => chose(p, raw)} search=${async typed => {
  try {
    const got = await api.post('/interactions/options', { block_id: p.block, action_id: p.e.action_id, value: typed, ...where(p.place) });
    const all = got.option_groups ? got.option_groups.flatMap(group => group.options.map(one => ({ one, group: plain(group.label) }))) : got.options.map(one => ({ one }));
    return all.map(({ one, group }) => ({ value: { text: one.text, value: String(one.value ?? '') }, label: plain(one.text), note: plain(one.description), group }));
  } catch (error) { throw Object.assign(error, { told: failure(error) }); }
}} shown=${value => plain(value?.text)} />`;

const people = multi => p => {
  directory.want();
  return html`<${Picker} ...${shared(p, t('ch.el.people'))} multi=${multi} most=${p.e.max_selected_items} options=${directory.people} shown=${directory.name} choose=${raw => chose(p, raw)} />`;
};
const rooms = (multi, only) => p => {
  directory.want();
  const filter = p.e.filter ?? {}, kinds = filter.include;
  const list = directory.rooms.filter(one => (!only || one.kind === 'public' || one.kind === 'private') && (!kinds || kinds.includes(one.kind)) && !(filter.exclude_external_shared_channels && one.external));
  return html`<${Picker} ...${shared(p, t('ch.el.rooms'))} multi=${multi} most=${p.e.max_selected_items} options=${list} shown=${directory.name} choose=${raw => chose(p, raw)} />`;
};

const box = (type, multi) => p => {
  const value = valueIn(p.place, p.block, p.e), has = one => multi ? (value ?? []).includes(one) : value === one;
  const name = `${p.place?.view ?? p.place?.ts}-${p.block}-${p.e.action_id}`;
  return html`<span class="el-boxes" role=${multi ? 'group' : 'radiogroup'} aria-label=${p.label || label(p.e, t('form.choose'))} aria-describedby=${p.described}>${optionsOf(p.e).map((one, i) => html`<label key=${i}>
    <input type=${type} name=${name} checked=${has(one.value)} disabled=${off(p)} aria-invalid=${p.invalid ? 'true' : null} @change=${event => chose(p, !multi ? one.value : event.target.checked ? [...(value ?? []), one.value] : (value ?? []).filter(x => x !== one.value))} />
    <span><span>${one.label}</span>${one.note && html`<span class="mut sm el-note">${one.note}</span>`}</span></label>`)}</span>`;
};

const moment = (type, read = x => x, write = x => x || null) => p => html`<input class="input el-when" type=${type} aria-label=${p.label || label(p.e, t('ch.el.when'))} aria-invalid=${p.invalid ? 'true' : null} aria-describedby=${p.described} disabled=${off(p)} value=${read(valueIn(p.place, p.block, p.e)) ?? ''} @change=${event => chose(p, write(event.target.value))} />`;

const text = (type, mode) => p => {
  const e = p.e, long = e.multiline || type === 'area', when = e.dispatch_action_config?.trigger_actions_on ?? ['on_enter_pressed'];
  const typed = event => { put(p.place, p.block, e, event.target.value); if (p.dispatch && when.includes('on_character_entered')) later(p, event.target.value); };
  const key = event => { if (event.key === 'Enter' && !event.isComposing && (!long || event.ctrlKey || event.metaKey) && p.dispatch && when.includes('on_enter_pressed')) { event.preventDefault(); press(p.place, p.block, e, event.target.value); } };
  const props = { class: 'input', value: valueIn(p.place, p.block, e) ?? '', placeholder: plain(e.placeholder), 'aria-label': p.label || label(e, ''), 'aria-invalid': p.invalid ? 'true' : null, 'aria-describedby': p.described, maxlength: Math.min(e.max_length ?? 3000, 3000), autofocus: e.focus_on_load || null };
  return long ? html`<textarea rows=${type === 'area' ? 5 : 4} ...${props} @input=${typed} @keydown=${key}></textarea>` : html`<input type=${type} inputmode=${mode} ...${props} @input=${typed} @keydown=${key} />`;
};
let waiting = 0;
function later(p, raw) { clearTimeout(waiting); waiting = setTimeout(() => press(p.place, p.block, p.e, raw), 500); }

const overflow = p => html`<${Menu} label=${label(p.e, t('ch.more'))} icon="more" cls="btn sm ico" items=${(p.e.options ?? []).map(one => ({ label: plain(one.text), hint: plain(one.description) || undefined, disabled: !live(p.place),
  run: () => { if (one.url && SAFE.test(one.url)) open(one.url, '_blank', 'noopener'); press(p.place, p.block, p.e, one.value); } }))} />`;

// Files are sent by what part of the application keeps files; where that is not there the field says so.
const FileInput = {
  props: ['p'],
  setup(own) {
    const files = shallowRef(null), none = ref(false);
    let gone = false;
    onScopeDispose(() => { gone = true; });
    import('./files.js').then(it => { if (!gone) files.value = it; }, () => { none.value = true; });
    return () => none.value ? html`<span class="mut sm">${t('ch.el.files.off')}</span>` : files.value && html`<${Sending} p=${own.p} of=${files.value} />`;
  },
};
const Sending = {
  props: ['p', 'of'],
  setup(own) {
    const { p, of } = own, upload = of.useUpload(p.place.channel ?? null, null);
    const sync = () => put(p.place, p.block, p.e, upload.ids());
    return () => html`<span class="el-files"><input type="file" aria-label=${p.label} multiple=${(p.e.max_files ?? 10) > 1} accept=${(p.e.filetypes ?? []).map(one => '.' + one).join()} @change=${async event => { await upload.add(event.target.files); event.target.value = ''; sync(); }} />
      <${of.UploadTray} upload=${upload} /><span hidden>${upload.busy ? '' : (sync(), '')}</span></span>`;
  },
};

const KINDS = {
  button, workflow_button: button, icon_button: iconButton, feedback_buttons: feedback, overflow,
  static_select: select(false), multi_static_select: select(true), external_select: external(false), multi_external_select: external(true),
  users_select: people(false), multi_users_select: people(true), conversations_select: rooms(false), multi_conversations_select: rooms(true), channels_select: rooms(false, true), multi_channels_select: rooms(true, true),
  checkboxes: box('checkbox', true), radio_buttons: box('radio', false),
  datepicker: moment('date'), timepicker: moment('time'), datetimepicker: moment('datetime-local', at => at && onTheWall(at), text => text ? fromTheWall(text) : null),
  plain_text_input: text('text'), email_text_input: text('email', 'email'), url_text_input: text('url', 'url'), number_input: text('text', 'decimal'), rich_text_input: text('area'),
  file_input: p => html`<${FileInput} p=${p} />`,
};
export const isInteractive = type => type in KINDS;
