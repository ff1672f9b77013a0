// Making, changing, sharing channels and bringing people in.
import { api, askForm, boot, Dialog, go, html, icon, openDialog, t, toast } from '../web/kit.js';
import './words.js';
import { already, present } from './needed.js';
import './connections_words.js';
import { People } from './people.js';
import { refresh } from './rooms.js';

export async function createChannel() {
  const made = await askForm({
    title: t('ch.new'), submitLabel: t('ch.new.go'),
    fields: [
      { name: 'name', label: t('ch.name'), type: 'text', required: true, hint: t('ch.name.hint'), max: 80 },
      { name: 'purpose', label: t('ch.purpose'), type: 'text', optional: true, placeholder: t('ch.purpose.hint'), max: 250 },
      { name: 'private', label: t('ch.private'), type: 'switch', hint: t('ch.private.hint') },
    ],
    submit: values => api.post('/channels', { name: fit(values.name), purpose: values.purpose ?? '', private: !!values.private }),
  });
  if (!made?.channel) return;
  await refresh();
  go(`/channels/${made.channel.id}`);
  await invite(made.channel, [boot.me.id]);
}

export const invite = async (room, there) => {
  const here = await present(room);
  return openDialog(People, {
    title: t('ch.invite.who'), action: t('ch.invite'), except: [...there, boot.me.id], note: one => already(here, one),
    about: here && (here.inside + here.outside > 1) ? t('nd.invite', { inside: here.inside, outside: here.outside }) : '',
    submit: users => api.post(`/channels/${room.id}/members`, { users }),
  });
};

export async function writeTo() {
  const made = await openDialog(People, { title: t('ch.pick'), action: t('ch.open'), except: [boot.me.id], submit: users => api.post('/channels/direct', { users }) });
  if (made) { await refresh(); go(`/channels/${made.channel.id}`); }
}

// What an offer means, and a name of one's own for it; null where somebody thought better of it.
export const acceptOffer = (channel, name, org) => askForm({
  title: t('cn.accept'), body: t('cn.accept.body', { org }), submitLabel: t('ch.accept'), values: { name },
  fields: [{ name: 'name', label: t('cn.accept.name'), type: 'text', required: true, max: 80, hint: t('cn.accept.name.hint') }],
  submit: values => api.post(`/channels/offers/${channel}/accept`, { name: fit(values.name) === name ? '' : fit(values.name) }),
});
// Nobody on this server has the address: a letter went out, and whoever invites may hand the link over too.
const Letter = {
  props: ['url', 'close'],
  setup: p => () => html`<${Dialog} title=${t('li.sent.title')} @close=${p.close}><div class="stack"><p class="mut">${t('li.link')}</p><code class="mono select">${p.url}</code>
    <div class="row"><span class="grow"></span><button type="button" class="btn" @click=${() => copy(p.url)}>${icon('copy', 14)}${t('li.copy')}</button></div></div><//>`,
};
async function copy(text) {
  try { await navigator.clipboard.writeText(text); toast(t('li.copied')); } catch { toast.error(t('li.copy.failed')); }
}

export async function share(room) {
  const done = await askForm({
    title: t('ch.share'), body: t('ch.share.body'), submitLabel: t('ch.share.go'),
    fields: [
      { name: 'workspace', label: t('cn.share.email'), hint: t('cn.share.email.hint'), type: 'text', required: true, autofocus: true },
      { name: 'limited', label: t('cn.share.limited'), type: 'switch', hint: t('cn.share.limited.hint') },
    ],
    submit: values => {
      const whom = values.workspace.trim();
      return api.post(`/channels/${room.id}/shares`, { [whom.includes('@') ? 'email' : 'workspace']: whom, limited: !!values.limited })
        .catch(error => { throw error.field === 'email' ? Object.assign(error, { field: 'workspace' }) : error; });   // both are one field here
    },
  });
  if (done?.link) await openDialog(Letter, { url: done.link });
  else if (done) toast(t(done.requested ? 'cn.request.sent' : 'ch.share.sent'));
  return done;
}

const TEAMS = ['product', 'marketing', 'sales', 'ad_ops', 'social', 'care', 'people', 'press', 'executives'];

export function edit(room, what) {
  const field = {
    name: { label: t('ch.name'), type: 'text', required: true, hint: t(room.shared_with?.some(side => side.state === 'connected') ? 'cn.name.own' : 'ch.name.hint'), max: 80, initial: room.name },
    topic: { label: t('ch.topic'), type: 'text', optional: true, initial: room.topic, max: 250 },
    purpose: { label: t('ch.purpose'), type: 'text', optional: true, initial: room.purpose, max: 250 },
    response_team: { label: t('ch.response_team'), type: 'select', hint: t('ch.response_team.hint'), initial: room.response_team ?? '', options: [{ value: '', label: t('ch.response_team.all') }, ...TEAMS.map(value => ({ value, label: t('answers.t.' + value) }))] },
    response_minutes: { label: t('ch.minutes'), type: 'number', hint: t('ch.minutes.hint'), initial: room.response_minutes ?? 0, min: 0, max: 43200 },
  }[what];
  return askForm({
    title: t('ch.edit.what'), submitLabel: t('ch.save'), fields: [{ name: what, ...field }], values: { [what]: field.initial },
    submit: values => api.patch(`/channels/${room.id}`, { [what]: what === 'response_minutes' ? Number(values[what] ?? 0) : what === 'name' ? fit(values[what]) : values[what] ?? '' }),
  });
}

// As it is typed: `Q4 Launch` is meant as `q4-launch`.
const fit = name => name.trim().replace(/^#/, '').toLowerCase().replace(/\s+/g, '-');
