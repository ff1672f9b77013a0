// What a message said before it was changed, the newest version first.
import { api, Avatar, dateTime, Dialog, Empty, html, load, Loaded, openDialog, t } from '../web/kit.js';
import './words_kept.js';
import { attachments, blocks } from './blocks.js';
import { channelNames } from './rooms.js';
import { mrkdwn } from './text.js';

export const openEdits = (message, people) => openDialog(Edits, { message, people });

const Edits = {
  props: ['message', 'people', 'close'],
  setup(p) {
    const edits = load(signal => api.get(`/channels/${p.message.channel}/messages/${p.message.ts}/edits`, { signal }));
    const names = got => ({ ...p.people, ...got.people });
    const said = (it, people) => it.blocks?.length ? blocks(it.blocks, people, channelNames.value)
      : it.text ? html`<div class="ch-text">${mrkdwn(it.text, people, channelNames.value)}</div>` : it.attachments?.length ? attachments(it.attachments, people, channelNames.value) : html`<p class="mut">${t('ch.edits.blank')}</p>`;
    const version = (it, people, when, key) => html`<li key=${key} class="ch-version"><div class="mut sm row">${it.by && html`<${Avatar} name=${people[it.by]?.name ?? it.by} seed=${it.by} size="s" />`}${when}</div>${said(it, people)}</li>`;
    return () => html`<${Dialog} title=${t('ch.edits')} wide=${true} onClose=${() => p.close(null)}><${Loaded} of=${edits} n=${2} show=${got => got.edits.length
      ? html`<ol class="ch-versions">${version(p.message, names(got), t('ch.edits.now'), 'now')}${[...got.edits].reverse().map((it, i) => version(it, names(got), t('ch.edits.until', { when: dateTime(it.until) }), i))}</ol>`
      : html`<${Empty} icon="edit" title=${t('ch.edits.none')} />`} /><//>`;
  },
};
