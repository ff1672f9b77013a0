// Notifications and profile: what I want to hear of, when, on which way, and what others see of me.
import { action, api, Avatar, boot, dateTime, Field, Form, html, icon, load, Loaded, Panel, ref, t, toast, useTop } from '../web/kit.js';
import './people_words.js';
import { can, denied, turnOn } from './push.js';

const clock = minute => `${String(Math.floor((minute % 1440) / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
const minutes = text => { const [h, m] = (text || '').split(':').map(Number); return Number.isFinite(h) && Number.isFinite(m) ? h * 60 + m : null; };

export default {
  setup() {
    const wishes = load(signal => api.get('/channels/notices/settings', { signal }));
    const quiet = load(signal => api.get('/channels/quiet', { signal }));
    const me = load(async signal => (await api.get('/channels/profiles', { signal, query: { users: boot.me.id } })).people[boot.me.id]);
    const file = ref(), wrong = ref('');
    useTop({ title: () => t('pn.title') });

    async function change(given) {
      const before = wishes.data;
      wrong.value = '';
      wishes.set({ ...before, ...given });
      try { wishes.set({ ...wishes.data, ...await api.patch('/channels/notices/settings', given) }); } catch (error) { wishes.set(before); wrong.value = error.field ?? ''; toast.error(error); }
    }
    async function hours(given) {
      const before = quiet.data, { enabled, days, from_minute, until_minute } = { ...before, ...given };
      quiet.set({ ...before, ...given });
      try { await api.put('/channels/quiet', { enabled, days, from_minute, until_minute }); quiet.reload({ quiet: true }); } catch (error) { quiet.set(before); toast.error(error); }
    }
    async function snooze(n) { try { await api.post('/channels/quiet/snooze', { minutes: n }); quiet.reload({ quiet: true }); } catch (error) { toast.error(error); } }
    const subscribe = action(async () => { if (await turnOn(wishes.data.push_key)) { toast(t('pn.push.added')); wishes.reload({ quiet: true }); } }, { failed: toast.error });
    async function remove(device) { try { await api.del(`/channels/notices/devices/${device.id}`); wishes.reload({ quiet: true }); } catch (error) { toast.error(error); } }
    async function zone() { try { await api.patch('/channels/profile', { timezone: Intl.DateTimeFormat().resolvedOptions().timeZone }); quiet.reload({ quiet: true }); } catch (error) { toast.error(error); } }
    async function photo(event) {
      const picked = event.target.files[0];
      if (!picked) return;
      try { await api('/channels/profile/photo', { method: 'PUT', body: picked }); me.reload({ quiet: true }); } catch (error) { toast.error(error); } finally { event.target.value = ''; }
    }
    async function noPhoto() { try { await api.del('/channels/profile/photo'); me.reload({ quiet: true }); } catch (error) { toast.error(error); } }
    async function away(on) { try { await api.put('/channels/presence', { away: on }); me.reload({ quiet: true }); } catch (error) { toast.error(error); } }
    async function save({ until, ...values }) {
      const status_expiration = until === 'hour' ? Math.floor(Date.now() / 1000) + 3600 : until === 'today' ? Math.floor(new Date().setHours(23, 59, 0, 0) / 1000) : until === 'keep' ? undefined : 0;
      await api.patch('/channels/profile', { ...values, ...(status_expiration === undefined ? {} : { status_expiration }) });
      toast(t('pn.saved')); me.reload({ quiet: true });
    }

    const level = it => html`<${Panel} title=${t('pn.level')}><div class="stack">
      <${Field} name="level" type="choice" label="" value=${it.level} options=${['all', 'mentions', 'nothing'].map(value => ({ value, label: t('pn.' + value) }))} change=${value => change({ level: value })} hint=${t('pn.level.hint')} />
      <${Field} name="keywords" type="tokens" label=${t('pn.keywords')} value=${it.keywords} change=${value => change({ keywords: value })} hint=${t('pn.keywords.hint')} /></div><//>`;
    const ways = it => html`<${Panel} title=${t('pn.push')}><div class="stack"><${Field} name="push" type="switch" label=${t('pn.push.on')} value=${it.push} change=${value => change({ push: value })} />
        ${it.devices.length ? html`<ul class="pn-devices">${it.devices.map(device => html`<li key=${device.id}><span class="grow cut">${device.label || t('pn.push.this')}</span><button type="button" class="btn ghost sm" @click=${() => remove(device)}>${t('pn.push.remove')}</button></li>`)}</ul>` : html`<p class="mut sm">${t('pn.push.none')}</p>`}
        ${!can() ? html`<p class="notice sm">${icon('info')}${t('pn.push.cannot')}</p>` : denied() ? html`<p class="notice warn sm">${icon('warn')}${t('pn.push.denied')}</p>` : html`<div><button type="button" class="btn" disabled=${subscribe.busy} @click=${subscribe.run}>${icon('plus', 14)}${t('pn.push.here')}</button></div>`}</div><//>
      <${Panel} title=${t('pn.mail')}><div class="stack"><${Field} name="mail" type="switch" label=${t('pn.mail.on')} value=${it.mail} change=${value => change({ mail: value })} hint=${t('pn.mail.hint')} />
        <${Field} name="mail_minutes" type="select" required=${true} label=${t('pn.mail.minutes')} value=${it.mail_minutes} options=${[...new Set([5, 15, 30, 60, 240, 1440, it.mail_minutes])].sort((a, b) => a - b)} disabled=${!it.mail} change=${value => change({ mail_minutes: value })} /></div><//>`;
    const still = it => html`<${Panel} title=${t('pn.quiet')} note=${it.quiet_now ? t('pn.quiet.now') : ''}><div class="stack">
      <${Field} name="enabled" type="switch" label=${t('pn.quiet.on')} value=${it.enabled} change=${enabled => hours({ enabled })} hint=${t('pn.quiet.zone', { zone: it.zone })} />
      <div class="field"><label>${t('pn.quiet.days')}</label><div class="seg" role="group" aria-label=${t('pn.quiet.days')}>${[1, 2, 3, 4, 5, 6, 7].map(day => html`<button type="button" key=${day} aria-pressed=${String(it.days.includes(day))} disabled=${!it.enabled} @click=${() => hours({ days: it.days.includes(day) ? it.days.filter(one => one !== day) : [...it.days, day] })}>${t('pn.days.' + day)}</button>`)}</div></div>
      <div class="row"><label class="row sm">${t('pn.quiet.from')}<input class="input pn-time" type="time" value=${clock(it.from_minute)} disabled=${!it.enabled} @change=${e => { const n = minutes(e.target.value); if (n !== null) hours({ from_minute: n }); }} /></label>
        <label class="row sm">${t('pn.quiet.until')}<input class="input pn-time" type="time" value=${clock(it.until_minute)} disabled=${!it.enabled} @change=${e => { const n = minutes(e.target.value); if (n !== null) hours({ until_minute: n }); }} /></label></div>
      ${it.zone !== Intl.DateTimeFormat().resolvedOptions().timeZone && html`<div><button type="button" class="btn sm" @click=${zone}>${icon('globe', 14)}${t('pn.zone.mine')}</button></div>`}
      <div class="field"><label>${t('pn.snooze')}</label><div class="row wrap">${it.snooze_until ? html`<span class="badge info">${icon('pause', 12)}${t('pn.snooze.until', { when: dateTime(it.snooze_until) })}</span><button type="button" class="btn sm" @click=${() => snooze(0)}>${t('pn.snooze.end')}</button>` : [30, 60, 240].map(n => html`<button type="button" class="btn sm" key=${n} @click=${() => snooze(n)}>${t('pn.snooze.' + n)}</button>`)}</div></div></div><//>`;
    const profile = it => html`<${Panel} title=${t('pn.me')}><div class="stack">
      <div class="row"><${Avatar} name=${it.name} seed=${it.id} image=${it.photo ? `/api/v1/channels/photos/${it.photo}/small.png` : null} /><input ref=${file} type="file" class="sr" accept="image/png,image/jpeg,image/gif,image/webp" aria-label=${t('pn.photo')} @change=${photo} tabindex="-1" />
        <button type="button" class="btn sm" @click=${() => file.value.click()}>${t('pn.photo.pick')}</button>${it.photo && html`<button type="button" class="btn ghost sm" @click=${noPhoto}>${t('pn.photo.remove')}</button>`}</div>
      <${Field} name="away" type="switch" label=${t('pn.away')} value=${it.away} change=${away} />
      <${Form} key=${it.status_text + it.status_emoji + it.name} fields=${[
        { name: 'status_emoji', label: t('pn.status.emoji'), hint: t('pn.status.emoji.hint'), optional: true }, { name: 'status_text', label: t('pn.status'), placeholder: t('pn.status.text'), optional: true },
        { name: 'until', label: t('pn.status.until'), type: 'select', required: true, options: ['never', 'hour', 'today'].map(value => ({ value, label: t('pn.status.' + value) })), when: values => !!(values.status_text || values.status_emoji) },
        { name: 'real_name', label: t('pn.name'), required: true }, { name: 'display_name', label: t('pn.display'), optional: true }, { name: 'title', label: t('pn.job'), optional: true },
        { name: 'phone', label: t('pn.phone'), optional: true }, { name: 'pronouns', label: t('pn.pronouns'), optional: true },
      ]} values=${{ status_emoji: it.status_emoji, status_text: it.status_text, until: 'never', real_name: it.name, display_name: it.display_name, title: it.title, phone: it.phone, pronouns: it.pronouns }} submit=${save} /></div><//>`;
    return () => html`<div class="view pad"><div class="page pn-page"><div class="stack pn-column"><${Loaded} of=${wishes} skeleton="cards" n=${2} show=${it => html`${level(it)}${ways(it)}`} /></div>
      <div class="stack pn-column"><${Loaded} of=${quiet} skeleton="cards" n=${1} show=${still} /><${Loaded} of=${me} skeleton="cards" n=${1} show=${profile} /></div></div></div>`;
  },
};
